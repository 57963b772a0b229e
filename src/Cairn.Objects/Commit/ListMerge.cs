using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>Merges the listings of enough drives that every partition is heard by its read quorum.</summary>
/// <remarks>
/// Steps: (1) ask as many drives as make it certain: all but W - 1; another one for each that fails or is late;
/// (2) merge by name; (3) resolve each name from the rows: all agree and it is committed, or by judgement, or by reading
/// the register; (4) with a delimiter, go on behind the common prefix of a name that is live; when the name turns out
/// not to be, drives that took it for evidence and skipped the rest of the prefix are asked again, inside it.
/// Failure: a drive that fails in the middle is replaced by another one from the same place.
/// Concurrency: one per request.
/// </remarks>
internal sealed class ListMerge(StoreEngine engine, RegisterReader reader, ListRequest request, int rotation)
{
    // A few more than asked for, since tombstones and names that are not live count on the drives.
    private const int Slack = 16;

    // A page takes a drive milliseconds; this is for one that hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly List<ListCursor> _cursors = [];
    private readonly HashSet<int> _tried = [];
    private readonly List<ListCursor> _matching = [];
    private readonly List<RegisterRow> _output = [];
    private readonly bool _isOneSet = engine.Drives.Count == engine.Layout.Width;
    private ReadOnlyMemory<byte> _position = request.From.Span.SequenceCompareTo(request.Prefix.Span) > 0
        ? request.From
        : request.Prefix;

    private Ballot? _olderThan = request.OlderThan;
    private int _entries;

    private int Needed => engine.Drives.Count - engine.Layout.WriteQuorum + 1;

    public async ValueTask<ObjectResult<RegisterPage>> RunAsync(CancellationToken cancellationToken)
    {
        // (1)
        while (_cursors.Count < Needed && TryAddCursor())
        {
        }

        while (_entries < request.Limit)
        {
            if (!await FillAsync(cancellationToken))
            {
                return ObjectError.ReadQuorumLost;
            }

            // (2)
            if (!TryMatch(out ReadOnlyMemory<byte> name))
            {
                return new RegisterPage(_output, IsEnd: true);
            }

            ObjectError error = request.AllVersions
                ? await AddVersionsAsync(name, cancellationToken)
                : await AddCurrentAsync(name, cancellationToken);
            if (error != ObjectError.None)
            {
                return error;
            }
        }

        bool isEnd = !_output[^1].IsCut && _cursors.TrueForAll(cursor => cursor.IsAtEnd);
        return new RegisterPage(_output, isEnd);
    }

    private bool TryAddCursor()
    {
        if (FindSpare() is not { } drive)
        {
            return false;
        }

        _tried.Add(drive.Index);
        _cursors.Add(new ListCursor(drive, request with { Limit = Math.Min(request.Limit + Slack, 10_000) }));
        return true;
    }

    /// <summary>The best drive not tried yet; listings begin with another drive each, to share the work.</summary>
    private DriveHandle? FindSpare()
    {
        DriveHandle? best = null;
        for (int index = 0; index < engine.Drives.Count; index++)
        {
            DriveHandle drive = engine.Drives[(index + rotation) % engine.Drives.Count];
            if (!_tried.Contains(drive.Index)
                && drive.State is (DriveState.Online or DriveState.Poisoned)
                && (best is null || RankOf(drive) < RankOf(best)))
            {
                best = drive;
            }
        }

        return best;
    }

    private static int RankOf(DriveHandle drive) => drive.Timing.IsSilent ? 2 : drive.Timing.IsLate ? 1 : 0;

    /// <summary>Makes every cursor know its next row; replaces those that cannot.</summary>
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        bool isComplete = false;
        while (!isComplete)
        {
            isComplete = true;
            foreach (ListCursor cursor in _cursors)
            {
                if (cursor.NeedsFetch)
                {
                    cursor.Begin(_position, _olderThan);
                }
            }

            for (int index = _cursors.Count - 1; index >= 0; index--)
            {
                if (!_cursors[index].NeedsFetch)
                {
                    continue;
                }

                TimeSpan patience = FindSpare() is null ? Timeout.InfiniteTimeSpan : Patience;
                if (!await _cursors[index].EndAsync(patience, engine.Environment.Time, cancellationToken))
                {
                    _cursors.RemoveAt(index);
                    isComplete &= !TryAddCursor();
                }
            }
        }

        return _cursors.Count >= Needed || Covers();
    }

    /// <summary>With fewer drives than always suffice, the partitions may still all be heard.</summary>
    private bool Covers()
    {
        if (_isOneSet)
        {
            return false;
        }

        HashSet<int> heard = [.. _cursors.Select(cursor => cursor.Drive.Index)];
        return engine.Partitions.All(partition =>
            partition.Drives.Count(drive => heard.Contains(drive.Index)) >= partition.ReadQuorum);
    }

    /// <summary>The lowest name of all cursors, and those that stand on it.</summary>
    private bool TryMatch(out ReadOnlyMemory<byte> name)
    {
        name = default;
        _matching.Clear();
        foreach (ListCursor cursor in _cursors)
        {
            if (cursor.Current is not { } row)
            {
                continue;
            }

            int order = _matching.Count == 0 ? -1 : row.Name.Span.SequenceCompareTo(name.Span);
            if (order < 0)
            {
                _matching.Clear();
                name = row.Name;
            }

            if (order <= 0)
            {
                _matching.Add(cursor);
            }
        }

        return _matching.Count > 0;
    }

    private async ValueTask<ObjectError> AddCurrentAsync(ReadOnlyMemory<byte> name, CancellationToken cancellationToken)
    {
        // (3)
        RegisterValue? current;
        if (Agreed() is { } entry)
        {
            current = entry.IsRemoved ? null : RegisterValue.Of(entry);
        }
        else
        {
            RegisterKey key = RegisterKey.Of(request.Space, request.Bucket, name.Span);
            RegisterJudgement judgement = RegisterJudgement.Of(ViewsOf(key), null);
            if (judgement.IsCertain)
            {
                current = judgement.Current is { } group ? RegisterValue.Of(group.Entry) : null;
            }
            else
            {
                ObjectResult<ResolvedRegister> read = await reader.ReadAsync(key, null, false, cancellationToken);
                if (!read.IsOk)
                {
                    return read.Error;
                }

                current = read.Value.Current;
            }
        }

        if (current is not null)
        {
            _output.Add(new RegisterRow(name, [current], IsCut: false));
            _entries++;
        }

        GoBehind(name, isLive: current is not null);
        return ObjectError.None;
    }

    private async ValueTask<ObjectError> AddVersionsAsync(ReadOnlyMemory<byte> name, CancellationToken cancellationToken)
    {
        RegisterKey key = RegisterKey.Of(request.Space, request.Bucket, name.Span);
        ReplicaViews views = ViewsOf(key);
        Ballot horizon = HorizonOfCut();
        Ballot? bound = name.Span.SequenceEqual(_position.Span) ? _olderThan : null;
        List<RegisterValue> versions = [];
        foreach (VersionId slot in views.Slots())
        {
            if (views.YoungestIn(slot) < horizon)
            {
                continue;
            }

            SlotVerdict verdict = views.Judge(slot);
            RegisterValue? live = verdict.Winner is { Entry.IsRemoved: false } winner ? RegisterValue.Of(winner.Entry) : null;
            if (verdict.Certainty != SlotCertainty.Certain)
            {
                ObjectResult<ResolvedRegister> read = await reader.ReadAsync(key, slot, false, cancellationToken);
                if (!read.IsOk)
                {
                    return read.Error;
                }

                live = read.Value.Slot;
            }

            if (live is not null && (bound is null || live.Birth < bound))
            {
                versions.Add(live);
            }
        }

        versions.Sort(static (left, right) => right.Birth.CompareTo(left.Birth));
        Emit(name, versions, isCut: horizon > Ballot.Zero);
        if (horizon > Ballot.Zero)
        {
            // The rest of the same register, from the drives that have more of it and those that were ahead alike.
            _position = name;
            _olderThan = horizon;
            foreach (ListCursor cursor in _cursors)
            {
                cursor.Reset();
            }
        }
        else
        {
            GoBehind(name, isLive: versions.Count > 0);
        }

        return ObjectError.None;
    }

    /// <summary>Adds versions up to the limit; a register continues the row it began.</summary>
    private void Emit(ReadOnlyMemory<byte> name, List<RegisterValue> versions, bool isCut)
    {
        int room = request.Limit - _entries;
        bool isOver = versions.Count > room;
        if (isOver)
        {
            versions.RemoveRange(room, versions.Count - room);
        }

        _entries += versions.Count;
        bool isCutHere = isOver || (isCut && _entries >= request.Limit);
        if (_output.Count > 0 && _output[^1].Name.Span.SequenceEqual(name.Span))
        {
            _output[^1] = new RegisterRow(name, [.. _output[^1].Values, .. versions], isCutHere);
        }
        else if (versions.Count > 0)
        {
            _output.Add(new RegisterRow(name, versions, isCutHere));
        }
    }

    /// <summary>Versions at or above this birth are known from all drives; zero when none is cut.</summary>
    private Ballot HorizonOfCut()
    {
        Ballot horizon = default;
        foreach (ListCursor cursor in _matching)
        {
            if (cursor.Current is { IsCut: true } row && row.Entries[^1].Birth > horizon)
            {
                horizon = row.Entries[^1].Birth;
            }
        }

        return horizon;
    }

    /// <summary>The usual case: whoever has the name has the same single entry, and it is committed.</summary>
    private RegisterEntry? Agreed()
    {
        RegisterEntry? agreed = null;
        bool isCommitted = false;
        foreach (ListCursor cursor in _matching)
        {
            IReadOnlyList<RegisterEntry> entries = cursor.Current!.Entries;
            if (entries.Count != 1
                || (agreed is not null && (agreed.Ballot != entries[0].Ballot || agreed.Slot != entries[0].Slot)))
            {
                return null;
            }

            agreed = entries[0];
            isCommitted |= agreed.IsCommitted;
        }

        return isCommitted ? agreed : null;
    }

    private ReplicaViews ViewsOf(RegisterKey key)
    {
        Partition partition = engine.PartitionOf(key);
        ReplicaViews views = new(key, null, partition, engine.Records);
        for (int position = 0; position < partition.Width; position++)
        {
            if (_cursors.Find(cursor => cursor.Drive == partition.Drives[position]) is { } cursor)
            {
                IReadOnlyList<RegisterEntry> entries = _matching.Contains(cursor) ? cursor.Current!.Entries : [];
                views.Add(position, new RegisterView(IsVoting: true, Ballot.Zero, entries));
            }
        }

        return views;
    }

    // (4)
    private void GoBehind(ReadOnlyMemory<byte> name, bool isLive)
    {
        _olderThan = null;
        ReadOnlyMemory<byte> prefix = CommonPrefixOf(name);
        if (isLive && !prefix.IsEmpty)
        {
            foreach (ListCursor cursor in _cursors)
            {
                cursor.SkipPrefix(prefix.Span);
            }

            _position = SuccessorOf(prefix.Span);
            return;
        }

        foreach (ListCursor cursor in _matching)
        {
            bool hasSkipped = !prefix.IsEmpty
                && cursor.Current!.Entries.Any(entry => entry is { IsCommitted: true, IsRemoved: false });
            cursor.MoveNext();
            if (hasSkipped)
            {
                cursor.Reset();
            }
        }

        byte[] behind = new byte[name.Length + 1];
        name.CopyTo(behind);
        _position = behind;
    }

    private ReadOnlyMemory<byte> CommonPrefixOf(ReadOnlyMemory<byte> name)
    {
        if (request.Delimiter.IsEmpty)
        {
            return default;
        }

        int found = name.Span[request.Prefix.Length..].IndexOf(request.Delimiter.Span);
        return found < 0 ? default : name[..(request.Prefix.Length + found + request.Delimiter.Length)];
    }

    /// <summary>The first name behind all that start with a prefix.</summary>
    private static byte[] SuccessorOf(ReadOnlySpan<byte> prefix)
    {
        byte[] successor = prefix.TrimEnd((byte)0xFF).ToArray();
        if (successor.Length > 0)
        {
            successor[^1]++;
        }

        return successor;
    }
}
