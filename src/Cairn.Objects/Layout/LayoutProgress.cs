using System.Collections.Immutable;

namespace Cairn.Objects.Layout;

/// <summary>How far a change of the layout has come.</summary>
/// <remarks>See: docs/design/elastic-layout.md.</remarks>
internal sealed record LayoutProgress
{
    /// <summary>Nothing is changing and nothing ever has.</summary>
    public static LayoutProgress None { get; } = new();

    /// <summary>The oldest epoch in whose name drives still take calls.</summary>
    public long Floor { get; init; }

    /// <summary>Positions on their way, by their index in the table; at most one of each partition.</summary>
    public ImmutableSortedDictionary<int, JointPosition> Joints { get; init; } =
        ImmutableSortedDictionary<int, JointPosition>.Empty;

    /// <summary>The table that the moves lead to; empty when there is none.</summary>
    public ReadOnlyMemory<ushort> Target { get; init; }

    public ImmutableSortedSet<Leftover> Leftovers { get; init; } = [];

    /// <summary>No new moves are begun until somebody resumes.</summary>
    public bool IsStopped { get; init; }

    public bool Equals(LayoutProgress? other) =>
        other is not null
        && Floor == other.Floor
        && IsStopped == other.IsStopped
        && Joints.SequenceEqual(other.Joints)
        && Leftovers.SequenceEqual(other.Leftovers)
        && Target.Span.SequenceEqual(other.Target.Span);

    public override int GetHashCode() => HashCode.Combine(Floor, Joints.Count, Leftovers.Count, IsStopped);
}
