using Cairn.Cluster.Transport;

namespace Cairn.Testing.Simulation.Network;

/// <summary>What is wrong with a network right now. Scenarios turn the knobs at any time.</summary>
/// <remarks>
/// A cut also swallows packets that are under way; what connections carry arrives when the cut is mended. Addresses may be
/// named before anything listens there. A host is what stands before the last colon: a node has several ports and is cut
/// off with all of them.
/// </remarks>
internal sealed class NetworkFaults(World world)
{
    private readonly HashSet<(string From, string To)> _cuts = [];
    private readonly Dictionary<(string From, string To), LinkQuality> _links = [];

    /// <summary>Of every link that has none of its own.</summary>
    public LinkQuality Quality { get; set; } = LinkQuality.Lan;

    public bool IsClear => _cuts.Count == 0 && _links.Count == 0 && Quality == LinkQuality.Lan;

    public static string HostOf(string address) =>
        address.LastIndexOf(':') is var colon && colon > 0 ? address[..colon] : address;

    public bool IsCut(string from, string to) => _cuts.Contains((HostOf(from), HostOf(to)));

    public LinkQuality GetQuality(string from, string to) =>
        _links.GetValueOrDefault((HostOf(from), HostOf(to)), Quality);

    /// <summary>Gives one direction of one link a quality of its own.</summary>
    public void SetQuality(string from, string to, LinkQuality quality) =>
        _links[(HostOf(from), HostOf(to))] = quality;

    /// <summary>Nothing passes from one to the other; the way back is not touched.</summary>
    public void Cut(string from, string to)
    {
        world.Record("network", "cut", from + " > " + to);
        _cuts.Add((HostOf(from), HostOf(to)));
    }

    public void Cut(NodeAddress from, NodeAddress to) => Cut(from.Host, to.Host);

    public void CutBoth(NodeAddress one, NodeAddress other)
    {
        Cut(one, other);
        Cut(other, one);
    }

    public void Mend(string from, string to)
    {
        world.Record("network", "mended", from + " > " + to);
        _cuts.Remove((HostOf(from), HostOf(to)));
    }

    /// <summary>All can reach all again.</summary>
    public void MendAll()
    {
        world.Record("network", "mended");
        _cuts.Clear();
    }

    /// <summary>Two groups cannot reach each other.</summary>
    public void Split(IEnumerable<string> left, IReadOnlyList<string> right)
    {
        foreach (string one in left)
        {
            foreach (string other in right.Where(address => HostOf(address) != HostOf(one)))
            {
                Cut(one, other);
                Cut(other, one);
            }
        }
    }

    /// <summary>One cannot hear the others, though they hear it.</summary>
    public void Deafen(string address, IEnumerable<string> others)
    {
        foreach (string other in others.Where(other => HostOf(other) != HostOf(address)))
        {
            Cut(other, address);
        }
    }

    /// <summary>The others cannot hear one, though it hears them.</summary>
    public void Mute(string address, IEnumerable<string> others)
    {
        foreach (string other in others.Where(other => HostOf(other) != HostOf(address)))
        {
            Cut(address, other);
        }
    }

    /// <summary>Healthy again, from now on.</summary>
    public void Clear()
    {
        world.Record("network", "cleared");
        _cuts.Clear();
        _links.Clear();
        Quality = LinkQuality.Lan;
    }
}
