using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Commit;

/// <summary>What holds for the drive as a whole: its condition, its floor, what it has forgotten, the gates of buckets.</summary>
/// <remarks>
/// Invariants: Floor and Forgotten never fall. A poisoned or closed drive never becomes anything else; a new opening is needed.
/// Concurrency: condition, floor and Forgotten from anywhere; they and gates are changed by the committer alone, ahead of
/// their durability, which is sound because a batch that fails poisons the drive.
/// </remarks>
internal sealed class DriveStanding
{
    private readonly Dictionary<BucketId, BucketGate> _gates = [];
    private volatile Bound _floor = new(Ballot.Zero);
    private volatile Bound _forgotten = new(Ballot.Zero);
    private bool _isFloorChanged;
    private bool _isForgottenChanged;
    private bool _isHighestChanged;
    private volatile bool _isRecovering;
    private volatile bool _isPoisoned;
    private volatile bool _isClosed;

    public required DriveId Id { get; init; }

    /// <summary>For a register without a row: promises that went away with rows.</summary>
    public Ballot Floor
    {
        get => _floor.Ballot;
        private set => _floor = new Bound(value);
    }

    /// <summary>What was chosen above it, in whichever register, was not removed and forgotten here.</summary>
    /// <remarks>Whoever looks at it after a row tells of every removal that it has not seen.</remarks>
    public Ballot Forgotten
    {
        get => _forgotten.Ballot;
        private set => _forgotten = new Bound(value);
    }

    /// <summary>At or above every ballot that was promised or accepted, in whichever register.</summary>
    public Ballot Highest { get; private set; }

    public bool IsVoting => !_isRecovering;

    /// <summary>The last end was not an orderly close: sealed shards without a referrer may be lying about.</summary>
    public bool WasUnclean { get; private init; }

    /// <summary>Values may wait for their commit since before the opening.</summary>
    public bool MayHavePending { get; private init; }

    public DriveState State =>
        _isClosed ? DriveState.Offline
        : _isPoisoned ? DriveState.Poisoned
        : _isRecovering ? DriveState.Recovering
        : DriveState.Online;

    /// <exception cref="DriveIoException">The index is not this drive's, is corrupt, or cannot be read.</exception>
    public static async ValueTask<DriveStanding> LoadAsync(IDriveIndex index, DriveId id)
    {
        byte[] identity = await index.GetAsync(IndexFamily.System, SystemRow.IdentityKey)
            ?? throw new DriveIoException(DriveFault.Corrupt, $"The index of drive {id} is empty: its files were removed.")
            {
                IsOfIndex = true,
            };
        (DriveId owner, bool isRecovering) = SystemRow.DecodeIdentity(identity);
        if (owner != id)
        {
            throw new DriveIoException(
                DriveFault.Corrupt, $"The index belongs to drive {owner}, not to {id}: the two were mixed up. Put it back where it was.");
        }

        byte[]? floor = await index.GetAsync(IndexFamily.System, SystemRow.FloorKey);
        byte[]? forgotten = await index.GetAsync(IndexFamily.System, SystemRow.ForgottenKey);
        byte[]? highest = await index.GetAsync(IndexFamily.System, SystemRow.HighestKey);
        bool wasClean = await index.GetAsync(IndexFamily.System, SystemRow.CleanKey) is not null;
        DriveStanding standing = new()
        {
            Id = id,
            Floor = DecodeBallot(SystemRow.FloorKey, floor),

            // A drive of an earlier release has forgotten removals up to its floor, and did not say which.
            Forgotten = forgotten is null
                ? DecodeBallot(SystemRow.FloorKey, floor)
                : SystemRow.DecodeBallot(SystemRow.ForgottenKey, forgotten),
            Highest = DecodeBallot(SystemRow.HighestKey, highest),
            WasUnclean = !wasClean,
            MayHavePending = !wasClean || await index.GetAsync(IndexFamily.System, SystemRow.PendingKey) is not null,
            _isRecovering = isRecovering,
        };
        await index.ScanAsync(() => standing.LoadGates(index));
        return standing;
    }

    public bool IsBucketClosed(BucketId bucket) => _gates.TryGetValue(bucket, out BucketGate gate) && gate.IsClosed;

    /// <summary>The last order about a bucket; open, of no attempt, when there was none.</summary>
    public BucketGate GateOf(BucketId bucket) =>
        _gates.TryGetValue(bucket, out BucketGate gate) ? gate : new BucketGate(bucket, 0, IsClosed: false);

    public void SetGate(BucketGate gate, BatchScope scope)
    {
        byte[] key = SystemRow.GateKey(gate.Bucket);
        _gates[gate.Bucket] = gate;
        scope.Put(IndexFamily.System, key, SystemRow.EncodeGate(key, gate));
    }

    public void RaiseFloor(Ballot ballot)
    {
        if (ballot > Floor)
        {
            Floor = ballot;
            _isFloorChanged = true;
        }
    }

    public void RaiseForgotten(Ballot ballot)
    {
        if (ballot > Forgotten)
        {
            Forgotten = ballot;
            _isForgottenChanged = true;
        }
    }

    public void RaiseHighest(Ballot ballot)
    {
        if (ballot > Highest)
        {
            Highest = ballot;
            _isHighestChanged = true;
        }
    }

    /// <summary>Puts what was raised into the batch that it was raised for.</summary>
    public void WriteBounds(IndexBatch batch)
    {
        Write(batch, SystemRow.FloorKey, Floor, ref _isFloorChanged);
        Write(batch, SystemRow.ForgottenKey, Forgotten, ref _isForgottenChanged);
        Write(batch, SystemRow.HighestKey, Highest, ref _isHighestChanged);
    }

    /// <summary>The drive does not vote any more, from before its first answer.</summary>
    public void BeginRecovery(IndexBatch batch)
    {
        _isRecovering = true;
        batch.Put(IndexFamily.System, SystemRow.IdentityKey, SystemRow.EncodeIdentity(Id, isRecovering: true));
    }

    /// <summary>To be called once the end of recovery is durable.</summary>
    public void EndRecovery() => _isRecovering = false;

    public void Poison() => _isPoisoned = true;

    public void Close() => _isClosed = true;

    private static void Write(IndexBatch batch, byte[] key, Ballot ballot, ref bool isChanged)
    {
        if (isChanged)
        {
            isChanged = false;
            batch.Put(IndexFamily.System, key, SystemRow.EncodeBallot(key, ballot));
        }
    }

    private static Ballot DecodeBallot(byte[] key, byte[]? row) =>
        row is null ? Ballot.Zero : SystemRow.DecodeBallot(key, row);

    private void LoadGates(IDriveIndex index)
    {
        using IIndexCursor cursor = index.OpenCursor(IndexFamily.System, SystemRow.GateLower, SystemRow.GateUpper);
        while (cursor.MoveNext())
        {
            BucketGate gate = SystemRow.DecodeGate(cursor.Key, cursor.Value.ToArray());
            _gates[gate.Bucket] = gate;
        }
    }

    // Read in one piece by any thread, which a ballot is not.
    private sealed record Bound(Ballot Ballot);
}
