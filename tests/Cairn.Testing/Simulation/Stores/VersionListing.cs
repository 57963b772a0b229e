using Cairn.Primitives.Ids;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>All versions of a key, as one page of a listing showed them, between two ticks.</summary>
internal sealed record VersionListing(
    string Key, string Name, IReadOnlyCollection<VersionId> Versions, long Start, long End);
