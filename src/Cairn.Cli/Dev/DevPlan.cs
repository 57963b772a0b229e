using System.Globalization;
using System.Net;

namespace Cairn.Cli.Dev;

/// <summary>A cluster on one machine: what it consists of and where.</summary>
internal sealed record DevPlan
{
    // A node listens at its port and two above; the next one keeps clear of both.
    private const int PortStep = 10;

    public required int Nodes { get; init; }

    public required int DrivesPerNode { get; init; }

    public required int FirstPort { get; init; }

    /// <summary>Holds everything; absolute.</summary>
    public required string Folder { get; init; }

    /// <summary>What the nodes run; absolute.</summary>
    public required string Program { get; init; }

    public bool HasPorts => FirstPort > 0 && FirstPort + (Nodes * PortStep) <= IPEndPoint.MaxPort;

    public string SecretsFile => Path.Combine(Folder, "credentials");

    /// <param name="node">From 1.</param>
    public string FolderOf(int node) => Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"node{node}"));

    public string AddressOf(int node) =>
        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FirstPort + ((node - 1) * PortStep)}");

    public Uri EndpointOf(int node) => new($"http://{AddressOf(node)}");

    /// <summary>What every node is started with: the drives of all.</summary>
    public IEnumerable<string> DriveArguments() => Enumerable.Range(1, Nodes).Select(node => string.Create(
        CultureInfo.InvariantCulture,
        $"http://{AddressOf(node)}{FolderOf(node)}/drive{(DrivesPerNode == 1 ? "1" : $"{{1...{DrivesPerNode}}}")}"));
}
