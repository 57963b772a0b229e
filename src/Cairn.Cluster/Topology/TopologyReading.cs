namespace Cairn.Cluster.Topology;

/// <summary>Collects the endpoints of the arguments, and everything that is wrong with single arguments.</summary>
internal sealed class TopologyReading(TopologyOptions options)
{
    public const string Accepted =
        "accepted: directories, or addresses of nodes with directories, with ranges such as /mnt/drive{1...4}, {01...0f} or "
        + "http://node{1...4}:9000/mnt/drive{1...4}";

    private readonly List<string> _problems = [];
    private (string Argument, string Scheme)? _first;

    public List<Endpoint> Endpoints { get; } = [];

    public IReadOnlyList<string> Problems => _problems;

    public void Add(string argument)
    {
        if (!RangePattern.TryExpand(
            argument, TopologyLimits.MaxDrives - Endpoints.Count, out IReadOnlyList<string> texts, out string problem))
        {
            _problems.Add($"'{argument}' {problem}; {Accepted}");
            return;
        }

        foreach (string text in texts)
        {
            if (!EndpointParser.TryParse(text, options, out Endpoint? endpoint, out problem))
            {
                // One mistake in a range shows in all that it stands for: the first is enough.
                _problems.Add($"'{argument}' {problem}");
                return;
            }

            if (FindMixture(argument, endpoint) is { } mixture)
            {
                _problems.Add(mixture);
                return;
            }

            Endpoints.Add(endpoint);
        }
    }

    private string? FindMixture(string argument, Endpoint endpoint)
    {
        (string Argument, string Scheme) first = _first ??= (argument, endpoint.Scheme);
        if (endpoint.Scheme == first.Scheme)
        {
            return null;
        }

        return endpoint.IsLocalPath || first.Scheme.Length == 0
            ? $"'{argument}' and '{first.Argument}' mix a path on this node with an address, and a path would mean another "
                + "drive on every node; accepted: only paths (one node) or only addresses (the same on every node)"
            : $"'{argument}' has the scheme {endpoint.Scheme}, '{first.Argument}' has {first.Scheme}; "
                + "accepted: one scheme for all nodes";
    }
}
