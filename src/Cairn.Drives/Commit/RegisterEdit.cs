using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Commit;

/// <summary>A register while one operation changes it; keeps the invariants of RegisterHead and Versions.</summary>
/// <remarks>
/// Purpose: operations add, replace and remove entries; where each entry lives (head or Versions) is settled here, once.
/// Concurrency: the committer alone.
/// </remarks>
internal sealed class RegisterEdit
{
    private readonly BatchScope _scope;
    private readonly List<StoredEntry> _entries;
    private readonly List<byte[]> _pulled = [];
    private readonly RegisterHead _before;
    private readonly Ballot _currentBirthBefore;
    private Ballot _nullBirth;
    private long _versionCount;

    private RegisterEdit(BatchScope scope, RegisterKey key, RegisterHead? head)
    {
        _scope = scope;
        Key = key;
        IsNew = head is null;
        _before = head ?? RegisterHead.Empty;
        _entries = [.. _before.Entries];
        _nullBirth = _before.NullBirth;
        _versionCount = _before.VersionCount;
        _currentBirthBefore = _before.Current?.Birth ?? Ballot.Zero;
        Promised = _before.Promised;
        IsDamaged = _before.IsDamaged;
    }

    public RegisterKey Key { get; }

    /// <summary>There is no row: nothing was promised or accepted, as far as the drive's floor does not tell otherwise.</summary>
    public bool IsNew { get; }

    /// <summary>Something of the register was lost: it does not vote on this drive until it has been repaired.</summary>
    public bool IsDamaged { get; set; }

    public Ballot Promised { get; set; }

    public IReadOnlyList<StoredEntry> Entries => _entries;

    public static async ValueTask<RegisterEdit> OpenAsync(BatchScope scope, RegisterKey key) =>
        new(scope, key, await scope.ReadHeadAsync(key));

    /// <summary>
    /// Brings a slot's entry from Versions into the head, where operations look for it. Nothing moves until the save.
    /// </summary>
    public async ValueTask PullSlotAsync(VersionId slot)
    {
        Ballot birth = slot.IsNull ? _nullBirth : slot.Birth;
        if (_versionCount == 0 || birth == Ballot.Zero)
        {
            return;
        }

        byte[] key = VersionRow.Key(Key, birth);
        try
        {
            if (await _scope.GetAsync(IndexFamily.Versions, key) is { } row
                && VersionRow.Decode(key, row) is var entry
                && entry.Slot == slot)
            {
                Pull(key, entry);
            }
        }
        catch (DriveIoException e) when (e.Fault == DriveFault.Corrupt)
        {
            PullDamaged(key, slot.IsNull);
        }
    }

    /// <summary>The slot whose entry in Versions has that birth.</summary>
    public VersionId SlotBornAt(Ballot birth) => birth == _nullBirth ? VersionId.Null : new VersionId(birth);

    public void Add(StoredEntry entry) => _entries.Add(entry);

    public void Replace(StoredEntry before, StoredEntry after) => _entries[_entries.IndexOf(before)] = after;

    /// <summary>Removes an entry with its references to data that no other entry of its slot names.</summary>
    public async ValueTask RemoveAsync(StoredEntry entry)
    {
        _entries.Remove(entry);
        ShardReferrer referrer = new(Key, entry.Slot);
        foreach (DataId data in entry.Value.Data)
        {
            if (!_entries.Exists(other => other.Slot == entry.Slot && other.Value.Data.Contains(data)))
            {
                await _scope.ReleaseAsync(data, referrer);
            }
        }
    }

    /// <summary>Puts every entry where it belongs and hands the register to the batch.</summary>
    public async ValueTask SaveAsync()
    {
        DeletePulled();
        await PullCurrentAsync();
        PushNoncurrent();
        _entries.Sort(StoredEntry.CompareNewestFirst);
        RegisterHead head = _before with
        {
            Promised = Promised,
            NullBirth = _nullBirth,
            VersionCount = _versionCount,
            IsDamaged = IsDamaged,
            Entries = _entries,
        };
        _scope.PutHead(Key, head);
        if (IsDamaged)
        {
            _scope.JournalDamage(Key, Promised);
        }
    }

    /// <summary>Removes the register's row; its promise lives on in the drive's floor.</summary>
    public void Forget()
    {
        DeletePulled();
        _scope.Standing.RaiseFloor(Promised);
        _scope.PutHead(Key, null);
    }

    /// <summary>Removes the register with all its entries and their references to data, and its promise.</summary>
    public async ValueTask EvictAsync()
    {
        foreach ((byte[] key, byte[] row) in await _scope.ListVersionsAsync(Key, int.MaxValue))
        {
            PullFound(key, row);
        }

        foreach (StoredEntry entry in _entries.ToArray())
        {
            await RemoveAsync(entry);
        }

        DeletePulled();
        _scope.PutHead(Key, null);
    }

    /// <summary>Nothing is left but the promise.</summary>
    public bool IsBare => _entries.Count == 0 && _versionCount == 0;

    // When the current entry went away, or gave way to one with a lower birth, entries of Versions may be newer now.
    private async ValueTask PullCurrentAsync()
    {
        while (_versionCount > 0)
        {
            Ballot current = CurrentBirth();
            if (current >= _currentBirthBefore && current != Ballot.Zero)
            {
                return;
            }

            List<(byte[] Key, byte[] Row)> newest = await _scope.ListVersionsAsync(Key, limit: 1);
            if (newest.Count == 0 || VersionRow.BirthOf(newest[0].Key) < current)
            {
                return;
            }

            PullFound(newest[0].Key, newest[0].Row);
            DeletePulled();
        }
    }

    private void DeletePulled()
    {
        foreach (byte[] key in _pulled)
        {
            _scope.Delete(IndexFamily.Versions, key);
        }

        _pulled.Clear();
    }

    private void PushNoncurrent()
    {
        Ballot current = CurrentBirth();
        for (int i = _entries.Count - 1; i >= 0; i--)
        {
            StoredEntry entry = _entries[i];
            if (!entry.IsCommitted
                || entry.Birth >= current
                || _entries.Exists(other => other.Slot == entry.Slot && !other.IsCommitted))
            {
                continue;
            }

            byte[] key = VersionRow.Key(Key, entry.Birth);
            _scope.Put(IndexFamily.Versions, key, VersionRow.Encode(key, entry));
            _entries.RemoveAt(i);
            _versionCount++;
            if (entry.Slot.IsNull)
            {
                _nullBirth = entry.Birth;
            }
        }
    }

    private void Pull(byte[] key, StoredEntry entry)
    {
        _pulled.Add(key);
        _entries.Add(entry);
        _versionCount--;
        if (entry.Slot.IsNull)
        {
            _nullBirth = Ballot.Zero;
        }
    }

    private void PullFound(byte[] key, byte[] row)
    {
        if (RowSeal.IsIntact(IndexFamily.Versions, key, row))
        {
            Pull(key, VersionRow.Decode(key, row));
        }
        else
        {
            PullDamaged(key, VersionRow.BirthOf(key) == _nullBirth);
        }
    }

    private void PullDamaged(byte[] key, bool isNullSlot)
    {
        _pulled.Add(key);
        _versionCount--;
        IsDamaged = true;
        _scope.Standing.RaiseForgotten(_scope.Standing.Highest);
        if (isNullSlot)
        {
            _nullBirth = Ballot.Zero;
        }
    }

    private Ballot CurrentBirth()
    {
        Ballot newest = Ballot.Zero;
        foreach (StoredEntry entry in _entries)
        {
            if (entry.IsLive && entry.Birth > newest)
            {
                newest = entry.Birth;
            }
        }

        return newest;
    }
}
