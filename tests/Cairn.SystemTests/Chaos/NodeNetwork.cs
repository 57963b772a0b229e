using System.Diagnostics;
using System.Globalization;

namespace Cairn.SystemTests.Chaos;

/// <summary>A network namespace for every node, joined by a bridge; links between nodes can be cut and slowed down.</summary>
/// <remarks>
/// Purpose: the kernel's own network between real processes, without a word of it in the product. The tests reach the nodes
/// over the bridge, which is never cut. Needs root and iproute2; removed on disposal.
/// </remarks>
internal sealed class NodeNetwork : IDisposable
{
    private readonly int _number = 1 + (Environment.ProcessId % 250);
    private readonly int _nodes;

    private NodeNetwork(int nodes) => _nodes = nodes;

    private string Bridge => Name("cairnbr{0}");

    /// <summary>Null when namespaces can be made here.</summary>
    public static string? WhyNot() =>
        Environment.UserName != "root" ? "network namespaces take root"
        : !File.Exists("/usr/sbin/ip") && !File.Exists("/sbin/ip") && !File.Exists("/bin/ip") ? "there is no ip command (iproute2)"
        : null;

    public static NodeNetwork Create(int nodes)
    {
        var network = new NodeNetwork(nodes);
        try
        {
            network.Build();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    public string NamespaceOf(int node) => Name("cairn{0}n{1}", node);

    public string HostOf(int node) => Name("10.77.{0}.{1}", node + 1);

    /// <summary>What one node sends to another one is lost.</summary>
    public void Cut(int from, int to) => Run(
        "ip", "-n", NamespaceOf(from), "route", "replace", "blackhole", HostOf(to) + "/32");

    /// <summary>The other way round; a link that is not cut stays as it is.</summary>
    public void Mend(int from, int to) => TryRun(
        "ip", "-n", NamespaceOf(from), "route", "del", "blackhole", HostOf(to) + "/32");

    /// <summary>What a node sends, to whomever, squeezes through a narrow pipe.</summary>
    public void SlowDown(int node) => Run(
        "tc", "-n", NamespaceOf(node), "qdisc", "add", "dev", "eth0", "root",
        "tbf", "rate", "8mbit", "burst", "32kbit", "latency", "200ms");

    public void SpeedUp(int node) => Run("tc", "-n", NamespaceOf(node), "qdisc", "del", "dev", "eth0", "root");

    public void Dispose()
    {
        for (int node = 0; node < _nodes; node++)
        {
            TryRun("ip", "netns", "del", NamespaceOf(node));
        }

        TryRun("ip", "link", "del", Bridge);
    }

    private void Build()
    {
        Run("ip", "link", "add", Bridge, "type", "bridge");
        Run("ip", "addr", "add", Name("10.77.{0}.254/24"), "dev", Bridge);
        Run("ip", "link", "set", Bridge, "up");
        for (int node = 0; node < _nodes; node++)
        {
            string place = NamespaceOf(node);
            string cable = Name("cv{0}n{1}", node);
            Run("ip", "netns", "add", place);
            Run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", place);
            Run("ip", "link", "set", cable, "master", Bridge, "up");
            Run("ip", "-n", place, "addr", "add", HostOf(node) + "/24", "dev", "eth0");
            Run("ip", "-n", place, "link", "set", "eth0", "up");
            Run("ip", "-n", place, "link", "set", "lo", "up");
        }
    }

    private string Name(string format, int node = 0) => string.Format(CultureInfo.InvariantCulture, format, _number, node);

    private static void Run(string program, params string[] arguments)
    {
        (int code, string error) = TryRun(program, arguments);
        if (code != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error}");
        }
    }

    private static (int Code, string Error) TryRun(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
