using Cairn.Primitives.Ids;

namespace Cairn.Drives.Registers;

/// <summary>One register in a listing.</summary>
/// <param name="Name">The register's name (without space and bucket).</param>
/// <param name="Entries">As in RegisterView; with AllVersions all of them, newest first, up to the limit.</param>
/// <param name="IsCut">More entries of this register follow.</param>
public sealed record ListRow(ReadOnlyMemory<byte> Name, IReadOnlyList<RegisterEntry> Entries, bool IsCut)
{
    /// <summary>As RegisterView.Floor.</summary>
    public Ballot Floor { get; init; }
}
