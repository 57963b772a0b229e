using Cairn.Primitives.Ids;

namespace Cairn.Objects.Formation;

/// <summary>What a node tells the others of itself before there is a store.</summary>
/// <param name="Nodes">All nodes as its command line names them, in order.</param>
/// <param name="Drives">Its drives by position.</param>
/// <param name="Parity">Parity of STANDARD and REDUCED_REDUNDANCY it was told; null: by the width.</param>
public sealed record NodeDescription(
    IReadOnlyList<string> Nodes, IReadOnlyList<DriveId> Drives, (int? Standard, int? Reduced) Parity)
{
    /// <summary>How another node's command line differs, as the end of a sentence; null when it does not.</summary>
    public string? DifferenceOf(NodeDescription other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Nodes.Except(other.Nodes, StringComparer.Ordinal).FirstOrDefault() is { } lacking)
        {
            return $"it does not name {lacking}";
        }

        if (other.Nodes.Except(Nodes, StringComparer.Ordinal).FirstOrDefault() is { } surplus)
        {
            return $"it names {surplus}, which this one does not";
        }

        return !Nodes.SequenceEqual(other.Nodes, StringComparer.Ordinal) ? "it names the nodes in another order"
            : Parity != other.Parity ? $"it wants {Show(other.Parity)}, and this one {Show(Parity)}"
            : null;
    }

    private static string Show((int? Standard, int? Reduced) parity) =>
        $"EC:{parity.Standard?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"} and "
        + $"EC:{parity.Reduced?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"}";
}
