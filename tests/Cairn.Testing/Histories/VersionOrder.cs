using System.Collections.Immutable;
using Cairn.Primitives.Ids;

namespace Cairn.Testing.Histories;

/// <summary>When the versions of a history were born, as far as their ids were ever told.</summary>
internal sealed class VersionOrder
{
    private readonly Dictionary<int, VersionId> _ids = [];

    public void Know(int write, VersionId version) => _ids[write] = version;

    public VersionId? IdOf(int write) => _ids.TryGetValue(write, out VersionId id) ? id : null;

    /// <summary>The place of a version among others, newest first: below all that were born later.</summary>
    public int PlaceOf(int write, ImmutableArray<KeyVersion> versions)
    {
        int place = versions.Length;
        while (place > 0 && !(IdOf(versions[place - 1].Write)?.Birth > IdOf(write)?.Birth))
        {
            place--;
        }

        return place;
    }
}
