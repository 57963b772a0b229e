using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Cairn.SystemTests.Harness;

/// <summary>A real load balancer with the configuration that we deliver, its addresses replaced.</summary>
/// <remarks>Failure: a configuration that the program refuses fails the test with what it said.</remarks>
internal sealed class Balancer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly ScratchFolder _scratch = new();
    private readonly int _port = ProcessNode.PickFreePort();
    private Process? _process;

    private Balancer(TestEndpoint any) => Endpoint = any with { Address = new Uri($"http://127.0.0.1:{_port}") };

    public TestEndpoint Endpoint { get; }

    /// <summary>deploy/haproxy/haproxy.cfg.</summary>
    public static Task<Balancer> StartHaproxyAsync(IReadOnlyList<TestEndpoint> nodes) => StartAsync(
        nodes, "haproxy/haproxy.cfg", "bind :80", port => $"bind 127.0.0.1:{port}", "/usr/sbin/haproxy", file => ["-db", "-f", file]);

    /// <summary>deploy/nginx/nginx.conf.</summary>
    public static Task<Balancer> StartNginxAsync(IReadOnlyList<TestEndpoint> nodes) => StartAsync(
        nodes,
        "nginx/nginx.conf",
        "listen 80;",
        port => $"listen 127.0.0.1:{port};",
        "/usr/sbin/nginx",
        file => ["-p", Path.GetDirectoryName(file)!, "-c", file, "-g", "daemon off; pid nginx.pid; error_log stderr;"]);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        _scratch.Dispose();
    }

    private static async Task<Balancer> StartAsync(
        IReadOnlyList<TestEndpoint> nodes,
        string delivered,
        string listen,
        Func<int, string> listenAt,
        string program,
        Func<string, string[]> arguments)
    {
        if (!File.Exists(program))
        {
            Assert.Fail($"{program} is not installed: run eng/clients/install.sh.");
        }

        Balancer balancer = new(nodes[0]);
        string text = await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Root, "deploy", delivered));
        text = Replace(text, listen, listenAt(balancer._port));
        for (int node = 0; node < nodes.Count; node++)
        {
            text = Replace(text, $"node{node + 1}:9000", $"{nodes[node].Address.Authority}");
        }

        string file = balancer._scratch.Combine(Path.GetFileName(delivered));
        await File.WriteAllTextAsync(file, text);
        balancer._process = Process.Start(new ProcessStartInfo(program, arguments(file)) { RedirectStandardError = true })!;
        Task<string> errors = balancer._process.StandardError.ReadToEndAsync();
        await balancer.WaitListeningAsync(errors);
        return balancer;
    }

    private async Task WaitListeningAsync(Task<string> errors)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < StartLimit)
        {
            if (_process!.HasExited)
            {
                Assert.Fail($"{_process.StartInfo.FileName} ended with {_process.ExitCode}: {await errors}");
            }

            using var probe = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
            try
            {
                using HttpResponseMessage answer = await probe.GetAsync(new Uri(Endpoint.Address, "/health/ready"));
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or SocketException or TaskCanceledException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        Assert.Fail($"{_process!.StartInfo.FileName} did not serve within {StartLimit}.");
    }

    private static string Replace(string text, string what, string by)
    {
        Assert.Contains(what, text, StringComparison.Ordinal);
        return text.Replace(what, by, StringComparison.Ordinal);
    }
}
