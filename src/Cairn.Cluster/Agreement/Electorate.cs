namespace Cairn.Cluster.Agreement;

/// <summary>Who votes on a document: groups of nodes, of each of which a majority has to agree.</summary>
/// <remarks>
/// There is one group, but while the electorate changes: then the former one has to agree as well. Equal groups are named
/// in one order.
/// See: Ongaro, "Consensus: Bridging Theory and Practice", 2014, chapter 4.
/// </remarks>
/// <param name="groups">None of them empty.</param>
public sealed class Electorate(params IReadOnlyList<string>[] groups)
{
    private readonly IReadOnlyList<string>[] _groups = groups;

    /// <summary>Everybody who votes.</summary>
    public IReadOnlyList<string> Voters { get; } =
        [.. groups.SelectMany(group => group).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Whether these are a majority of each group.</summary>
    public bool IsMajority(IReadOnlyCollection<string> names) =>
        _groups.All(group => group.Count(names.Contains) > group.Count / 2);

    /// <summary>A majority of this one is always a majority of the other one.</summary>
    public bool Covers(Electorate other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other._groups.All(group => _groups.Any(own => own.SequenceEqual(group, StringComparer.Ordinal)));
    }

    /// <summary>Takes the majorities of both.</summary>
    public Electorate With(Electorate other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Covers(other) ? this : new Electorate([.. _groups, .. other._groups]);
    }
}
