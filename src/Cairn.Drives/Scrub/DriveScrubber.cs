using Cairn.Drives.Commit;
using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Drives.Reading;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Scrub;

/// <summary>Reads and checks a part of a drive.</summary>
/// <remarks>
/// Purpose: damage that nobody reads is found while the other drives can still repair it.
/// Concurrency: beside everything else. What looks bad is looked at again before it is told, because it may have been
/// dropped or replaced in between.
/// </remarks>
internal sealed class DriveScrubber(IDriveIndex index, ShardFiles files, Func<ExamineOperation, ValueTask<DriveFault>> submit)
{
    private const int MaxRows = 256;

    private readonly List<ScrubFinding> _findings = [];
    private long _byteCount;

    /// <exception cref="DriveIoException">The device failed, or the index itself is damaged.</exception>
    public async ValueTask<ScrubStep> RunAsync(ScrubCheckpoint from, long maxBytes, CancellationToken cancellationToken)
    {
        IndexFamily family = from.Family == IndexFamily.System ? IndexFamily.Heads : from.Family;
        List<(byte[] Key, byte[] Row)> rows = await IndexPage.ReadAsync(index, family, from.After, MaxRows, maxBytes);
        long checkedCount = 0;
        ReadOnlyMemory<byte> after = from.After;
        foreach ((byte[] key, byte[] row) in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await CheckAsync(family, key, row, cancellationToken);
            _byteCount += key.Length + row.Length;
            checkedCount++;
            after = key;
            if (_byteCount >= maxBytes)
            {
                break;
            }
        }

        ScrubCheckpoint next = rows.Count != 0 ? new ScrubCheckpoint(family, after) : new ScrubCheckpoint(family + 1, default);
        return new ScrubStep(next, next.Family > IndexFamily.Shards, checkedCount, _byteCount, _findings);
    }

    private ValueTask CheckAsync(IndexFamily family, byte[] key, byte[] row, CancellationToken cancellationToken)
    {
        if (family == IndexFamily.Shards)
        {
            return CheckShardAsync(key, row, cancellationToken);
        }

        return RowSeal.IsIntact(family, key, row) ? ValueTask.CompletedTask : ReportRegisterAsync(family, key);
    }

    private async ValueTask ReportRegisterAsync(IndexFamily family, byte[] key)
    {
        bool isVersion = family == IndexFamily.Versions;
        RegisterKey register = RegisterKey.FromEncoded(isVersion ? VersionRow.RegisterOf(key).ToArray() : key);
        ExamineOperation examination = new(register, isVersion ? VersionRow.BirthOf(key) : null);
        DriveFault fault = await submit(examination);
        if (fault == DriveFault.None && examination.WasDamaged)
        {
            _findings.Add(new ScrubFinding(ScrubFindingKind.Register, DriveFault.Corrupt, register));
        }
    }

    private async ValueTask CheckShardAsync(byte[] key, byte[] row, CancellationToken cancellationToken)
    {
        DataId data = DataId.Read(key);
        ShardRow? shard = RowSeal.IsIntact(IndexFamily.Shards, key, row) ? ShardRow.Decode(key, row) : null;
        DriveFault fault = shard is null ? DriveFault.Corrupt
            : shard.IsInline ? DriveFault.None
            : await ReadFileAsync(data, shard.FileLength, cancellationToken);
        if (fault == DriveFault.None || !await IsUnchangedAsync(key, row))
        {
            return;
        }

        // A pack checks nothing itself, so a damaged shard comes with a row that most likely still tells whose it is.
        ShardReferrer? referrer = shard is null ? ShardRow.GuessReferrer(row)
            : shard.Referrers.Count == 0 ? null
            : shard.Referrers[0];
        _findings.Add(new ScrubFinding(ScrubFindingKind.Shard, fault, referrer?.Key, referrer?.Slot, data));
    }

    private async ValueTask<DriveFault> ReadFileAsync(DataId data, long length, CancellationToken cancellationToken)
    {
        DriveResult<long> read = await ShardCheck.ReadWholeAsync(files, data, length, cancellationToken);
        _byteCount += read.IsOk ? read.Value : 0;
        return read.Fault;
    }

    private async ValueTask<bool> IsUnchangedAsync(byte[] key, byte[] row) =>
        await index.GetAsync(IndexFamily.Shards, key) is { } again && again.AsSpan().SequenceEqual(row);
}
