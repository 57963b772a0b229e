using System.Globalization;
using System.Net;
using Cairn.Drives;
using Cairn.Drives.Bays;
using Cairn.Objects.Layout;
using Cairn.Server.Composition;
using Cairn.Server.Diagnostics;
using Cairn.Server.Options;

namespace Cairn.Server.Lifecycle;

/// <summary>What a person wants to see when a node has started. On standard output; scripts wait for "Ready".</summary>
internal static class StartSummary
{
    public static void Write(
        Node node, ServerModel model, (RootCredential Credential, bool IsNew) root, TimeSpan elapsed, TextWriter output)
    {
        output.WriteLine($"Cairn {ProgramVersion.Text}");
        output.WriteLine($"  S3 API        {string.Join("  ", node.Addresses.SelectMany(Reachable))}");
        output.WriteLine("  Console       not in this version");
        WriteDrives(node, output);
        output.WriteLine($"  Erasure code  {Describe(node.Layout)}");
        output.WriteLine($"  Access key    {root.Credential.User}");
        output.WriteLine(root.IsNew
            ? $"  Secret key    {root.Credential.Password}  (generated now, shown once, kept in {model.CredentialsFile})"
            : $"  Secret key    {(model.RootCredential is null ? $"in {model.CredentialsFile}" : "as configured")}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Ready after {elapsed.TotalSeconds:F2} s"));
        output.Flush();
    }

    internal static string Describe(StoreLayout layout)
    {
        string standard = $"{layout.Width - layout.StandardParity}+{layout.StandardParity}";
        string reduced = $"{layout.Width - layout.ReducedParity}+{layout.ReducedParity}";
        string loss = layout.StandardParity switch
        {
            0 => "no drive may be lost",
            1 => "1 drive may be lost without losing data",
            _ => $"any {layout.StandardParity} drives may be lost without losing data",
        };
        return $"{standard} ({loss}); REDUCED_REDUNDANCY {reduced}";
    }

    private static void WriteDrives(Node node, TextWriter output)
    {
        IReadOnlyList<DriveBay> bays = node.Drives.Bays;
        int online = bays.Count(bay => bay.State == DriveState.Online);
        output.WriteLine($"  Drives        {online} of {bays.Count} online");
        foreach (DriveBay bay in bays)
        {
            string problem = bay.Problem is null ? "" : $"  {bay.Problem}";
            output.WriteLine($"    {bay.Name}  {bay.State.ToString().ToLowerInvariant()}{problem}");
        }
    }

    // All interfaces are no address to type; this machine's name and the loopback address are.
    private static IEnumerable<string> Reachable(string address)
    {
        var uri = new Uri(address);
        bool isAny = IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? host)
            && (host.Equals(IPAddress.Any) || host.Equals(IPAddress.IPv6Any));
        string[] names = isAny ? ["127.0.0.1", Environment.MachineName] : [uri.Host];
        return names.Select(name => string.Create(CultureInfo.InvariantCulture, $"{uri.Scheme}://{name}:{uri.Port}"));
    }
}
