using System.Runtime.InteropServices;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit.Listing;

/// <summary>Tells all live versions of the register at which a merge stands, newest first.</summary>
/// <remarks>
/// Drives show a register's entries by birth, and may cut it. So the versions are told in windows of births that all
/// heard drives show in full, from the newest down. In a window the entry of a slot with the highest ballot counts when
/// it is committed; otherwise the slot is read.
/// The null version alone can be born anew, so that a drive which missed that shows an older birth of it, perhaps in a
/// later window or on a later page: once it is told it is not told again, and where what came before was not seen here
/// it is read. A null version with a lower birth and a higher ballot than a committed one cannot be committed, because
/// whoever keeps the birth of a value has first made sure that none is above it.
/// </remarks>
internal sealed class VersionResolver(RegisterReader reader, RegisterMerge merge)
{
    private readonly Dictionary<VersionId, RegisterEntry> _winners = [];
    private readonly Dictionary<VersionId, int> _holders = [];
    private bool _isNullKnown;
    private RegisterValue? _nullVersion;

    /// <param name="room">Most versions to tell.</param>
    /// <param name="cancellationToken">The merge is of no more use.</param>
    /// <returns>
    /// The register, without values when it has no live version; or ReadQuorumLost. Where it is cut, the merge still
    /// stands at it; otherwise the merge has passed it.
    /// </returns>
    public async ValueTask<ObjectResult<RegisterRow>> ResolveAsync(int room, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> name = merge.Name;
        RegisterKey key = merge.Key;
        List<RegisterValue> values = [];
        _isNullKnown = false;
        _nullVersion = null;
        while (true)
        {
            Ballot floor = CollectWindow();
            ObjectError error = await AddWindowAsync(key, floor, values, cancellationToken);
            if (error != ObjectError.None)
            {
                return error;
            }

            bool isWhole = floor == Ballot.Zero;
            if (values.Count > room || (values.Count == room && !isWhole))
            {
                return new RegisterRow(name, values.GetRange(0, room), IsCut: true);
            }

            if (isWhole)
            {
                merge.Pass();
                return new RegisterRow(name, values, IsCut: false);
            }

            merge.PassVersions(floor);
            if (merge.IsStarved && !await merge.FillAsync(room - values.Count, cancellationToken))
            {
                return ObjectError.ReadQuorumLost;
            }

            if (!merge.MoveNext() || !merge.Name.Span.SequenceEqual(name.Span))
            {
                return new RegisterRow(name, values, IsCut: false);
            }
        }
    }

    /// <summary>Finds the highest entry of each slot in the next window.</summary>
    /// <returns>The lowest birth of the window.</returns>
    private Ballot CollectWindow()
    {
        Ballot floor = Ballot.Zero;
        foreach (DriveStream stream in merge.Holders)
        {
            ListRow row = stream.Current!;
            if (row.IsCut && row.Entries[^1].Birth > floor)
            {
                floor = row.Entries[^1].Birth;
            }
        }

        _winners.Clear();
        _holders.Clear();
        foreach (DriveStream stream in merge.Holders)
        {
            VersionId? last = null;
            foreach (RegisterEntry entry in stream.Current!.Entries)
            {
                if (entry.Birth < floor || (merge.OlderThan is { } bound && entry.Birth >= bound))
                {
                    continue;
                }

                // The entries of one version follow each other; those of a null version may lie apart.
                ref int holders = ref CollectionsMarshal.GetValueRefOrAddDefault(_holders, entry.Slot, out _);
                holders += entry.Slot == last ? 0 : 1;
                last = entry.Slot;
                ref RegisterEntry? winner = ref CollectionsMarshal.GetValueRefOrAddDefault(_winners, entry.Slot, out _);
                if (winner is null
                    || entry.Ballot > winner.Ballot
                    || (entry.Ballot == winner.Ballot && entry.IsCommitted))
                {
                    winner = entry;
                }
            }
        }

        return floor;
    }

    private bool IsBacked(RegisterEntry entry) =>
        (!entry.Slot.IsNull && _holders[entry.Slot] == merge.Streams.Count) || merge.IsBacked(entry.Slot, entry.Ballot);

    private async ValueTask<ObjectError> AddWindowAsync(
        RegisterKey key, Ballot floor, List<RegisterValue> values, CancellationToken cancellationToken)
    {
        int before = values.Count;
        foreach ((VersionId slot, RegisterEntry entry) in _winners)
        {
            if (slot.IsNull && _isNullKnown)
            {
                continue;
            }

            bool isSeenWhole = !slot.IsNull || merge.OlderThan is null;
            RegisterValue? value = entry.IsRemoved ? null : RegisterValue.Of(entry);
            if (!entry.IsCommitted || !isSeenWhole || (value is not null && !IsBacked(entry)))
            {
                ObjectResult<ResolvedRegister> read = await reader.ReadAsync(
                    key, slot, withInline: false, cancellationToken);
                if (!read.IsOk)
                {
                    return read.Error;
                }

                value = read.Value.Slot;
            }

            if (slot.IsNull)
            {
                _isNullKnown = true;
                _nullVersion = value;
            }
            else if (value is not null)
            {
                values.Add(value);
            }
        }

        if (_nullVersion is { } known
            && known.Birth >= floor
            && (merge.OlderThan is not { } bound || known.Birth < bound))
        {
            values.Add(known);
        }

        values.Sort(
            before, values.Count - before, Comparer<RegisterValue>.Create(static (left, right) => right.Birth.CompareTo(left.Birth)));
        return ObjectError.None;
    }
}
