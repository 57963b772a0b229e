using Cairn.Drives.Commit;
using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Drives.Reading;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Inspection;

/// <summary>Reads a whole drive that nobody has open, without changing anything, and checks every row against every other.</summary>
/// <remarks>
/// Steps: (1) heads and versions: readable, and all their data is here; (2) shards: readable, referred to, and their
/// files right; (3) files: each has a row; (4) the journal.
/// Concurrency: one run; nothing else may use the drive.
/// </remarks>
internal sealed class DriveInspector(IDriveIndex index, IDriveFiles files, DriveId id, bool readsShards)
{
    private const int PageRows = 512;
    private const long PageBytes = 8 << 20;

    private readonly List<DriveDefect> _defects = [];
    private long _defectCount;
    private DriveReport _report = new();

    /// <exception cref="DriveIoException">The device failed, or the index is not this drive's.</exception>
    public async Task<DriveReport> RunAsync(CancellationToken cancellationToken)
    {
        DriveStanding standing = await DriveStanding.LoadAsync(index, id);
        await WalkAsync(IndexFamily.Heads, CheckHeadAsync, cancellationToken); // (1)
        await WalkAsync(IndexFamily.Versions, CheckVersionAsync, cancellationToken);
        await WalkAsync(IndexFamily.Shards, CheckShardAsync, cancellationToken); // (2)
        await CheckFilesAsync(standing.WasUnclean, cancellationToken); // (3)
        await WalkAsync(IndexFamily.Journal, CheckLineAsync, cancellationToken); // (4)
        return _report with
        {
            IsRecovering = !standing.IsVoting,
            WasClosed = !standing.WasUnclean,
            DefectCount = _defectCount,
            Defects = _defects,
        };
    }

    private async Task WalkAsync(
        IndexFamily family, Func<byte[], byte[], CancellationToken, Task> checkAsync, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> after = default;
        while (true)
        {
            List<(byte[] Key, byte[] Row)> rows;
            try
            {
                rows = await IndexPage.ReadAsync(index, family, after, PageRows, PageBytes);
            }
            catch (DriveIoException e) when (e.Fault == DriveFault.Corrupt)
            {
                Add(DriveDefectKind.BadIndex, $"{family}: {e.Message}");
                return;
            }

            if (rows.Count == 0)
            {
                return;
            }

            foreach ((byte[] key, byte[] row) in rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await GuardAsync(family, key, () => checkAsync(key, row, cancellationToken));
            }

            after = rows[^1].Key;
        }
    }

    private async Task GuardAsync(IndexFamily family, byte[] key, Func<Task> checkAsync)
    {
        try
        {
            await checkAsync();
        }
        catch (DriveIoException e) when (e.Fault is DriveFault.Corrupt or DriveFault.NewerFormat)
        {
            Add(DriveDefectKind.BadRow, $"{family} {Convert.ToHexString(key)}: {e.Message}");
        }
    }

    private async Task CheckHeadAsync(byte[] key, byte[] row, CancellationToken cancellationToken)
    {
        RegisterHead head = RegisterHead.Decode(key, row);
        _report = _report with
        {
            Registers = _report.Registers + 1,
            DamagedRegisters = _report.DamagedRegisters + (head.IsDamaged ? 1 : 0),
        };
        RegisterKey register = RegisterKey.FromEncoded(key);
        foreach (StoredEntry entry in head.Entries)
        {
            await CheckEntryAsync(register, entry);
        }

        List<(byte[] Key, byte[] Row)> versions = await VersionsAsync(register);
        if (versions.Count != head.VersionCount)
        {
            Add(DriveDefectKind.BadRow, $"Register {Show(register)} has {versions.Count} versions and counts {head.VersionCount}.");
        }
    }

    private async Task CheckVersionAsync(byte[] key, byte[] row, CancellationToken cancellationToken)
    {
        StoredEntry entry = VersionRow.Decode(key, row);
        RegisterKey register = RegisterKey.FromEncoded(VersionRow.RegisterOf(key).ToArray());
        if (await index.GetAsync(IndexFamily.Heads, register.Encoded) is null)
        {
            Add(DriveDefectKind.BadRow, $"A version of register {Show(register)} has no head.");
        }

        await CheckEntryAsync(register, entry);
    }

    private async Task CheckEntryAsync(RegisterKey register, StoredEntry entry)
    {
        _report = _report with
        {
            Entries = _report.Entries + 1,
            PendingEntries = _report.PendingEntries + (entry.IsCommitted ? 0 : 1),
            Tombstones = _report.Tombstones + (entry.Value.IsRemoved ? 1 : 0),
        };
        foreach (DataId data in entry.Value.Data)
        {
            byte[] key = ShardRow.Key(data);
            byte[]? row = await index.GetAsync(IndexFamily.Shards, key);
            if (row is null)
            {
                Add(DriveDefectKind.MissingShard, $"Shard {data} of {Show(register)} ({entry.Slot}) has no row.");
            }
            else if (RowSeal.IsIntact(IndexFamily.Shards, key, row)
                && !ShardRow.Decode(key, row).IsReferredBy(new ShardReferrer(register, entry.Slot)))
            {
                Add(DriveDefectKind.BadRow, $"Shard {data} does not know that {Show(register)} ({entry.Slot}) refers to it.");
            }
        }
    }

    private async Task CheckShardAsync(byte[] key, byte[] row, CancellationToken cancellationToken)
    {
        DataId data = DataId.Read(key);
        ShardRow shard = ShardRow.Decode(key, row);
        _report = shard.IsInline
            ? _report with
            {
                InlineShards = _report.InlineShards + 1,
                InlineBytes = _report.InlineBytes + shard.Inline.Length,
            }
            : _report with { ShardFiles = _report.ShardFiles + 1, ShardBytes = _report.ShardBytes + shard.FileLength };
        foreach (ShardReferrer referrer in shard.Referrers)
        {
            if (!await IsNamedAsync(referrer, data))
            {
                Add(DriveDefectKind.UnreferredShard, $"Shard {data} is not named by {Show(referrer.Key)} ({referrer.Slot}).");
            }
        }

        if (!shard.IsInline)
        {
            await CheckFileAsync(data, shard.FileLength, cancellationToken);
        }
    }

    private async Task<bool> IsNamedAsync(ShardReferrer referrer, DataId data)
    {
        if (await index.GetAsync(IndexFamily.Heads, referrer.Key.Encoded) is { } row
            && RegisterHead.Decode(referrer.Key.Encoded.Span, row).Entries.Any(
                entry => entry.Slot == referrer.Slot && entry.Value.Data.Contains(data)))
        {
            return true;
        }

        foreach ((byte[] key, byte[] version) in await VersionsAsync(referrer.Key))
        {
            StoredEntry entry = VersionRow.Decode(key, version);
            if (entry.Slot == referrer.Slot && entry.Value.Data.Contains(data))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<List<(byte[] Key, byte[] Row)>> VersionsAsync(RegisterKey register)
    {
        List<(byte[] Key, byte[] Row)> versions = [];
        await index.ScanAsync(() =>
        {
            using IIndexCursor cursor = index.OpenCursor(
                IndexFamily.Versions, register.Encoded.Span, VersionRow.UpperBound(register.Encoded.Span));
            while (cursor.MoveNext())
            {
                if (VersionRow.IsOf(cursor.Key, register.Encoded.Span))
                {
                    versions.Add((cursor.Key.ToArray(), cursor.Value.ToArray()));
                }
            }
        });
        return versions;
    }

    private async Task CheckFileAsync(DataId data, long length, CancellationToken cancellationToken)
    {
        try
        {
            IDriveFile file = await files.OpenAsync(ShardFiles.PathOf(data), cancellationToken);
            await using LocalShardReader reader = await LocalShardReader.OpenAsync(
                data, file, length, static _ => { }, cancellationToken);
            byte[] buffer = new byte[ShardBuffer.Chunks * ShardLayout.ChunkSize];
            for (long offset = 0; readsShards && offset < length; offset += buffer.Length)
            {
                DriveResult<int> read = await reader.ReadAsync(offset, buffer, cancellationToken);
                if (!read.IsOk)
                {
                    Add(DriveDefectKind.BadShard, $"Shard {data} is damaged near byte {offset}.");
                    return;
                }
            }
        }
        catch (DriveIoException e) when (e.Fault == DriveFault.NotFound)
        {
            Add(DriveDefectKind.MissingShard, $"The file of shard {data} is gone.");
        }
        catch (DriveIoException e) when (e.Fault is DriveFault.Corrupt or DriveFault.NewerFormat)
        {
            Add(DriveDefectKind.BadShard, e.Message);
        }
    }

    // After an unclean end the next start sweeps, so orphans are no defect before that.
    private async Task CheckFilesAsync(bool isSweepDue, CancellationToken cancellationToken)
    {
        foreach (string directory in await files.ListAsync(ShardFiles.Root, cancellationToken))
        {
            string path = ShardFiles.Root + "/" + directory;
            foreach (string name in await files.ListAsync(path, cancellationToken))
            {
                bool isKnown = ShardFiles.TryParseName(name, out DataId data)
                    && await index.GetAsync(IndexFamily.Shards, ShardRow.Key(data)) is not null;
                if (!isKnown && !isSweepDue)
                {
                    Add(DriveDefectKind.OrphanFile, $"{path}/{name}");
                }

                _report = _report with { OrphanFiles = _report.OrphanFiles + (isKnown ? 0 : 1) };
            }
        }
    }

    private Task CheckLineAsync(byte[] key, byte[] row, CancellationToken cancellationToken)
    {
        _report = _report with { JournalLines = _report.JournalLines + 1 };
        JournalRow.Decode(key, row);
        return Task.CompletedTask;
    }

    private void Add(DriveDefectKind kind, string what)
    {
        _defectCount++;
        if (_defects.Count < DriveReport.MaxDefects)
        {
            _defects.Add(new DriveDefect(kind, what));
        }
    }

    private static string Show(RegisterKey register) =>
        $"{(char)register.Space}/{register.Bucket}/{System.Text.Encoding.UTF8.GetString(register.Name.Span)}";
}
