using Cairn.Drives;
using Cairn.Drives.Shards;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Data;

/// <summary>Asks all drives of a partition to keep the shards of some pieces while a version is read.</summary>
/// <remarks>
/// Purpose: a version that is replaced while it is read stays readable, to its last piece, and with the same drives to
/// fall back on. So all drives are asked, though it is decided when any k of them hold each piece.
/// Ownership: holds belong to the round until it is disposed; one that comes after that is given back at once.
/// </remarks>
internal sealed class HoldRound(Partition partition, StoreEngine engine, IReadOnlyList<DataPiece> pieces)
    : DriveRound<IShardHold>(partition, engine), IAsyncDisposable
{
    private readonly DataId[] _ids = [.. pieces.Select(piece => piece.Id)];
    private bool _isOver;

    /// <summary>Enough drives hold every piece.</summary>
    public bool IsHeld { get; private set; }

    public void Start() => Ask(Partition.Reachable());

    public async ValueTask DisposeAsync()
    {
        List<IShardHold> holds = [];
        lock (Gate)
        {
            _isOver = true;
            foreach (int position in Answered)
            {
                if (Replies[position] is { IsOk: true } reply)
                {
                    holds.Add(reply.Value);
                }
            }
        }

        foreach (IShardHold hold in holds)
        {
            await hold.DisposeAsync();
        }
    }

    protected override bool IsWrite => false;

    protected override ValueTask<DriveResult<IShardHold>> CallAsync(int position) =>
        Partition.Drives[position].HoldShardsAsync(_ids);

    protected override bool Assess()
    {
        IsHeld = true;
        foreach (DataPiece piece in pieces)
        {
            int holders = 0;
            foreach (int position in Answered)
            {
                holders += Replies[position] is { IsOk: true } reply && reply.Value.Holds(piece.Id) ? 1 : 0;
            }

            IsHeld &= holders >= piece.Code.DataShards;
        }

        return IsHeld;
    }

    protected override bool AssessLate(TimeSpan age) => false;

    protected override void OnAnswer(int position, DriveResult<IShardHold> reply)
    {
        bool isOver;
        lock (Gate)
        {
            isOver = _isOver;
        }

        GiveBack(reply, isOver);
    }

    protected override void OnLateAnswer(int position, DriveResult<IShardHold> reply) => GiveBack(reply, isOver: true);

    // Disposing twice is harmless: the round's own disposal may have come between the answer and this.
    private static void GiveBack(DriveResult<IShardHold> reply, bool isOver)
    {
        if (isOver && reply.IsOk)
        {
            _ = reply.Value.DisposeAsync().AsTask();
        }
    }
}
