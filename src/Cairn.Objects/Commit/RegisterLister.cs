using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>Merges the listings of all drives, and reads every register it finds.</summary>
/// <remarks>Correct before fast: each row costs a read.</remarks>
internal sealed class RegisterLister(StoreEngine engine, RegisterReader reader)
{
    public async ValueTask<ObjectResult<RegisterPage>> ListAsync(
        ListRequest request, CancellationToken cancellationToken)
    {
        List<RegisterRow> rows = [];
        int entries = 0;
        ListRequest next = request with { Delimiter = default };
        while (true)
        {
            (SortedDictionary<RegisterKey, SortedSet<Ballot>>? names, byte[]? behind) = await MergeAsync(next);
            if (names is null)
            {
                return ObjectError.ReadQuorumLost;
            }

            ReadOnlyMemory<byte> lastPrefix = default;
            foreach ((RegisterKey key, SortedSet<Ballot> slots) in names)
            {
                if (!lastPrefix.IsEmpty && key.Name.Span.StartsWith(lastPrefix.Span))
                {
                    continue;
                }

                if (entries >= request.Limit)
                {
                    return new RegisterPage(rows, false);
                }

                ObjectResult<RegisterRow?> row = await ResolveAsync(request, key, slots, request.Limit - entries, cancellationToken);
                if (row.Error != ObjectError.None)
                {
                    return row.Error;
                }

                if (row.Value is { } found)
                {
                    rows.Add(found);
                    entries += found.Values.Count;
                    int rolled = Cairn.Objects.Listing.ListStart.CommonPrefixSize(
                        request.Prefix.Span, request.Delimiter.Span, key.Name.Span);
                    lastPrefix = rolled > 0 ? key.Name[..rolled] : default;
                    if (found.IsCut)
                    {
                        return new RegisterPage(rows, false);
                    }
                }
            }

            if (behind is null)
            {
                return new RegisterPage(rows, true);
            }

            next = next with { From = behind, OlderThan = null };
        }
    }

    private async Task<(SortedDictionary<RegisterKey, SortedSet<Ballot>>? Names, byte[]? Behind)> MergeAsync(ListRequest request)
    {
        DriveResult<ListReply>[] replies = await Task.WhenAll(
            engine.Drives.Select(drive => drive.ListAsync(request with { Limit = 1000 }).AsTask()));
        foreach (Partition partition in engine.Partitions)
        {
            if (partition.Drives.Count(drive => replies[drive.Index] is { IsOk: true, Value.IsVoting: true }) < partition.ReadQuorum)
            {
                return (null, null);
            }
        }

        byte[]? behind = null;
        foreach (DriveResult<ListReply> reply in replies)
        {
            if (reply.IsOk && !reply.Value.IsEnd)
            {
                byte[] after = reply.Value.Rows.Count == 0 ? request.From.ToArray() : [.. reply.Value.Rows[^1].Name.Span, 0];
                behind = behind is null || after.AsSpan().SequenceCompareTo(behind) < 0 ? after : behind;
            }
        }

        SortedDictionary<RegisterKey, SortedSet<Ballot>> names = [];
        foreach (DriveResult<ListReply> reply in replies)
        {
            foreach (ListRow row in reply.IsOk ? reply.Value.Rows : [])
            {
                if (behind is not null && row.Name.Span.SequenceCompareTo(behind) >= 0)
                {
                    continue;
                }

                RegisterKey key = RegisterKey.Of(request.Space, request.Bucket, row.Name.Span);
                if (!names.TryGetValue(key, out SortedSet<Ballot>? slots))
                {
                    names.Add(key, slots = []);
                }

                foreach (RegisterEntry entry in row.Entries)
                {
                    slots.Add(entry.Slot.Birth);
                }
            }
        }

        return (names, behind);
    }

    private async ValueTask<ObjectResult<RegisterRow?>> ResolveAsync(
        ListRequest request, RegisterKey key, SortedSet<Ballot> slots, int room, CancellationToken cancellationToken)
    {
        List<RegisterValue> values = [];
        foreach (VersionId? slot in request.AllVersions ? slots.Select(birth => (VersionId?)new VersionId(birth)) : [null])
        {
            ObjectResult<ResolvedRegister> read = await reader.ReadAsync(key, slot, withInline: false, cancellationToken);
            if (read.Error != ObjectError.None)
            {
                return read.Error;
            }

            if ((slot is null ? read.Value!.Current : read.Value!.Slot) is { } value)
            {
                values.Add(value);
            }
        }

        Ballot? olderThan = key.Name.Span.SequenceEqual(request.From.Span) ? request.OlderThan : null;
        values = [.. values.Where(value => olderThan is null || value.Birth < olderThan).OrderByDescending(value => value.Birth)];
        return new ObjectResult<RegisterRow?>(
            ObjectError.None,
            values.Count == 0 ? null : new RegisterRow(key.Name, [.. values.Take(room)], values.Count > room));
    }
}
