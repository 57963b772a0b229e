using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Drives.Reading;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Commit;

/// <summary>The index as it will be once the batch that is being gathered is durable.</summary>
/// <remarks>
/// Purpose: operations of one batch see each other's changes, so that each is evaluated against the state it will meet,
/// and check-and-set needs no lock.
/// Invariants: an operation changes all it means to change or, after <see cref="Rollback"/>, nothing.
/// Concurrency: the committer alone.
/// </remarks>
internal sealed class BatchScope(
    IDriveIndex index, HeadCache cache, DriveStanding standing, ShardFiles files, PendingSlots pending)
{
    private readonly Dictionary<RegisterKey, RegisterHead?> _heads = [];
    private readonly Dictionary<RegisterKey, RegisterHead?> _changedHeads = [];
    private readonly Dictionary<IndexKey, byte[]?> _rows = [];
    private readonly Dictionary<IndexKey, byte[]?> _preloaded = [];
    private readonly List<ReadOnlyMemory<byte>> _wanted = [];
    private readonly Stack<UndoStep> _undo = new();

    public DriveStanding Standing => standing;

    public ShardFiles Files => files;

    /// <summary>Rough size of what has been gathered, in bytes.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>Shard files without a referrer once the batch is durable.</summary>
    public List<DataId> DroppedFiles { get; } = [];

    /// <summary>Sealed shards that the batch gives their first referrer.</summary>
    public List<DataId> NamedFiles { get; } = [];

    public bool IsEmpty => _changedHeads.Count == 0 && _rows.Count == 0;

    public void Clear()
    {
        _heads.Clear();
        _changedHeads.Clear();
        _rows.Clear();
        _preloaded.Clear();
        _undo.Clear();
        DroppedFiles.Clear();
        NamedFiles.Clear();
        SizeBytes = 0;
    }

    /// <summary>Reads what operations are about to look at: together, because that takes a fraction of the time.</summary>
    public async ValueTask PreloadAsync(IReadOnlyList<DriveOperation> operations)
    {
        _wanted.Clear();
        foreach (DriveOperation operation in operations)
        {
            if (operation.Register is { } key && !_heads.ContainsKey(key) && cache.Find(key) is null)
            {
                _wanted.Add(key.Encoded);
            }
        }

        await PreloadAsync(IndexFamily.Heads);
        _wanted.Clear();
        foreach (DriveOperation operation in operations)
        {
            if (operation.ShardKey is { } key)
            {
                _wanted.Add(key);
            }
        }

        await PreloadAsync(IndexFamily.Shards);
    }

    private async ValueTask PreloadAsync(IndexFamily family)
    {
        if (_wanted.Count < 2)
        {
            return;
        }

        try
        {
            byte[]?[] rows = await index.GetManyAsync(family, _wanted);
            for (int i = 0; i < rows.Length; i++)
            {
                _preloaded[new IndexKey(family, _wanted[i])] = rows[i];
            }
        }
        catch (DriveIoException)
        {
            // Whose row it is shows when each operation reads its own.
        }
    }

    /// <summary>Marks the state that <see cref="Rollback"/> returns to.</summary>
    public void BeginOperation() => _undo.Clear();

    public void Rollback()
    {
        while (_undo.TryPop(out UndoStep step))
        {
            Undo(step);
        }
    }

    /// <summary>The register's head; null when it has no row; a damaged one when its row cannot be read.</summary>
    /// <exception cref="DriveIoException">The device failed.</exception>
    public ValueTask<RegisterHead?> ReadHeadAsync(RegisterKey key) =>
        _heads.TryGetValue(key, out RegisterHead? head) || (head = cache.Find(key)) is not null
            ? ValueTask.FromResult(head)
            : LoadHeadAsync(key);

    /// <summary>Has the next read of a head look at its row, whatever is in memory.</summary>
    public void ForgetCached(RegisterKey key)
    {
        cache.Remove(key);
        _preloaded.Remove(new IndexKey(IndexFamily.Heads, key.Encoded));
    }

    /// <summary>Sets a head, or removes its row.</summary>
    public void PutHead(RegisterKey key, RegisterHead? head)
    {
        bool wasRead = _heads.TryGetValue(key, out RegisterHead? before);
        _undo.Push(UndoStep.OfHead(key, before, wasRead, _changedHeads.ContainsKey(key)));
        _heads[key] = head;
        _changedHeads[key] = head;
        SizeBytes += key.Encoded.Length + 128;
    }

    public ValueTask<byte[]?> GetAsync(IndexFamily family, ReadOnlyMemory<byte> key) =>
        _rows.Count != 0 && _rows.TryGetValue(new IndexKey(family, key), out byte[]? row)
            ? ValueTask.FromResult(row)
            : ReadAsync(family, key);

    /// <summary>As GetAsync, with nothing instead of a row that cannot be read: for rows that can be made again.</summary>
    public async ValueTask<byte[]?> GetIntactAsync(IndexFamily family, ReadOnlyMemory<byte> key)
    {
        try
        {
            byte[]? row = await GetAsync(family, key);
            return row is not null && RowSeal.IsIntact(family, key.Span, row) ? row : null;
        }
        catch (DriveIoException e) when (e.Fault == DriveFault.Corrupt)
        {
            return null;
        }
    }

    public void Put(IndexFamily family, ReadOnlyMemory<byte> key, byte[] row) => Set(family, key, row);

    public void Delete(IndexFamily family, ReadOnlyMemory<byte> key) => Set(family, key, null);

    /// <summary>The newest rows of a register in Versions, newest first.</summary>
    public async ValueTask<List<(byte[] Key, byte[] Row)>> ListVersionsAsync(RegisterKey register, int limit)
    {
        List<(byte[] Key, byte[] Row)> versions = [];
        foreach ((IndexKey key, byte[]? row) in _rows)
        {
            if (row is not null
                && key.Family == IndexFamily.Versions
                && VersionRow.IsOf(key.Bytes.Span, register.Encoded.Span))
            {
                versions.Add((key.Bytes.ToArray(), row));
            }
        }

        int gathered = versions.Count;
        await index.ScanAsync(() =>
        {
            using IIndexCursor cursor = index.OpenCursor(
                IndexFamily.Versions, register.Encoded.Span, VersionRow.UpperBound(register.Encoded.Span));
            while (versions.Count - gathered < limit && cursor.MoveNext())
            {
                byte[] key = cursor.Key.ToArray();
                if (VersionRow.IsOf(key, register.Encoded.Span)
                    && !_rows.ContainsKey(new IndexKey(IndexFamily.Versions, key)))
                {
                    versions.Add((key, cursor.Value.ToArray()));
                }
            }
        });
        versions.Sort((left, right) => left.Key.AsSpan().SequenceCompareTo(right.Key));
        return versions.Count > limit ? versions[..limit] : versions;
    }

    /// <summary>Takes a referrer from data; data without one is dropped.</summary>
    public async ValueTask ReleaseAsync(DataId data, ShardReferrer referrer)
    {
        byte[] key = ShardRow.Key(data);

        // An unreadable row may have other referrers: it is left to the scrub instead of being dropped on a guess.
        if (await GetIntactAsync(IndexFamily.Shards, key) is not { } row)
        {
            return;
        }

        ShardRow shard = ShardRow.Decode(key, row);
        if (!shard.IsReferredBy(referrer))
        {
            return;
        }

        ShardRow rest = shard.Without(referrer);
        if (rest.Referrers.Count != 0)
        {
            Put(IndexFamily.Shards, key, rest.Encode(key));
            return;
        }

        Drop(key, data, hasFile: !shard.IsInline);
    }

    /// <summary>Removes the row of a shard, and its file once that is durable.</summary>
    public void Drop(byte[] key, DataId data, bool hasFile)
    {
        Delete(IndexFamily.Shards, key);
        if (hasFile)
        {
            DroppedFiles.Add(data);
            _undo.Push(UndoStep.OfList(DroppedFiles));
        }
    }

    /// <summary>
    /// Journals against this very drive that it lacks something of a register, so that it gets repaired. The null slot
    /// stands for the register as a whole.
    /// </summary>
    public void JournalDamage(RegisterKey register, Ballot ballot)
    {
        byte[] key = JournalRow.Key(standing.Id, register, VersionId.Null);
        Put(IndexFamily.Journal, key, JournalRow.Encode(key, ballot));
    }

    public void NameFile(DataId data)
    {
        NamedFiles.Add(data);
        _undo.Push(UndoStep.OfList(NamedFiles));
    }

    /// <summary>Puts all changes into a batch that is about to be written; <see cref="EndWrite"/> or
    /// <see cref="AbandonWrite"/> has to follow.</summary>
    public void BeginWrite(IndexBatch batch)
    {
        cache.BeginChange(_changedHeads);
        standing.WriteBounds(batch);
        foreach ((RegisterKey key, RegisterHead? head) in _changedHeads)
        {
            if (head is null)
            {
                batch.Delete(IndexFamily.Heads, key.Encoded);
            }
            else
            {
                batch.Put(IndexFamily.Heads, key.Encoded, head.Encode(key.Encoded.Span));
            }
        }

        foreach ((IndexKey key, byte[]? row) in _rows)
        {
            if (row is null)
            {
                batch.Delete(key.Family, key.Bytes);
            }
            else
            {
                batch.Put(key.Family, key.Bytes, row);
            }
        }
    }

    public void EndWrite()
    {
        cache.EndChange(_changedHeads);
        pending.NoteWritten(_changedHeads);
    }

    /// <summary>The write failed: which of the rows the index holds is unknown.</summary>
    public void AbandonWrite() => cache.BeginChange(_changedHeads);

    private void Undo(in UndoStep step)
    {
        if (step.List is { } list)
        {
            list.RemoveAt(list.Count - 1);
        }
        else if (step.IsHead)
        {
            Restore(_heads, step.Register, step.Head, step.WasThere);
            Restore(_changedHeads, step.Register, step.Head, step.WasChanged);
        }
        else
        {
            Restore(_rows, step.Row, step.Content, step.WasThere);
        }
    }

    private static void Restore<TKey, TValue>(Dictionary<TKey, TValue> map, TKey key, TValue before, bool wasThere)
        where TKey : notnull
    {
        if (wasThere)
        {
            map[key] = before;
        }
        else
        {
            map.Remove(key);
        }
    }

    // What was read for the batch stands until it is written: nobody else writes.
    private ValueTask<byte[]?> ReadAsync(IndexFamily family, ReadOnlyMemory<byte> key) =>
        _preloaded.Count != 0 && _preloaded.TryGetValue(new IndexKey(family, key), out byte[]? row)
            ? ValueTask.FromResult(row)
            : index.GetAsync(family, key);

    private async ValueTask<RegisterHead?> LoadHeadAsync(RegisterKey key)
    {
        RegisterHead? head;
        try
        {
            byte[]? row = await ReadAsync(IndexFamily.Heads, key.Encoded);
            head = row is null ? null : RegisterHead.Decode(key.Encoded.Span, row);
        }
        catch (DriveIoException e) when (e.Fault == DriveFault.Corrupt)
        {
            head = await RebuildHeadAsync(key);
        }

        _heads[key] = head;
        return head;
    }

    // What was promised is lost with the row. The highest ballot of the whole drive is at or above it, so promising that
    // one breaks no promise. A tombstone may be lost, too, that all other drives forget: so it counts as forgotten.
    private async ValueTask<RegisterHead> RebuildHeadAsync(RegisterKey key)
    {
        List<(byte[] Key, byte[] Row)> rows = await ListVersionsAsync(key, int.MaxValue);
        Ballot nullBirth = Ballot.Zero;
        foreach ((byte[] rowKey, byte[] row) in rows)
        {
            if (RowSeal.IsIntact(IndexFamily.Versions, rowKey, row) && VersionRow.Decode(rowKey, row).Slot.IsNull)
            {
                nullBirth = VersionRow.BirthOf(rowKey);
            }
        }

        RegisterHead head = new()
        {
            Promised = standing.Highest,
            NullBirth = nullBirth,
            VersionCount = rows.Count,
            IsDamaged = true,
        };
        standing.RaiseForgotten(standing.Highest);
        PutHead(key, head);
        JournalDamage(key, head.Promised);
        return head;
    }

    private void Set(IndexFamily family, ReadOnlyMemory<byte> key, byte[]? row)
    {
        IndexKey indexKey = new(family, key);
        bool existed = _rows.TryGetValue(indexKey, out byte[]? before);
        _undo.Push(UndoStep.OfRow(indexKey, before, existed));
        _rows[indexKey] = row;
        SizeBytes += key.Length + (row?.Length ?? 0);
    }
}
