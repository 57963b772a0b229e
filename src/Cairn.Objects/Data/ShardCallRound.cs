using Cairn.Drives;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;

namespace Cairn.Objects.Data;

/// <summary>The same step of writing shards on several drives: waits for all, but not for ever for the slow ones.</summary>
internal sealed class ShardCallRound(
    Partition partition,
    StoreEngine engine,
    int enough,
    Func<int, ValueTask<DriveFault>> call,
    Action<int, DriveFault>? onLate = null) : DriveRound<bool>(partition, engine)
{
    private readonly TimeSpan _patience = engine.Options.ShardWritePatience;

    // What the caller has seen of Succeeded must not grow behind its back.
    private bool _isClosed;

    /// <summary>Drives that did it in time.</summary>
    public PositionSet Succeeded { get; private set; }

    public bool IsFull { get; private set; }

    public void Start(PositionSet positions) => Ask(positions);

    protected override bool IsWrite => true;

    protected override async ValueTask<DriveResult<bool>> CallAsync(int position)
    {
        DriveFault fault = await call(position);
        return fault == DriveFault.None ? true : fault;
    }

    protected override bool Assess()
    {
        foreach (int position in _isClosed ? PositionSet.None : Answered)
        {
            Succeeded = Replies[position].IsOk ? Succeeded.With(position) : Succeeded;
            IsFull |= Replies[position].Fault == DriveFault.Full;
        }

        return false;
    }

    protected override bool AssessLate(TimeSpan age)
    {
        _isClosed = Succeeded.Count >= enough && (age >= _patience || IsRestAside());
        return _isClosed;
    }

    // Whoever is set aside is missed by the next write anyway: it is not worth the patience.
    private bool IsRestAside()
    {
        foreach (int position in Outstanding)
        {
            if (!Partition.Drives[position].IsAside)
            {
                return false;
            }
        }

        return true;
    }

    protected override void OnAnswer(int position, DriveResult<bool> reply) => TellIfLate(position, reply.Fault);

    protected override void OnLateAnswer(int position, DriveResult<bool> reply) => onLate?.Invoke(position, reply.Fault);

    // One that was given up has not come back from its call yet, and tells when it has.
    private void TellIfLate(int position, DriveFault fault)
    {
        if (_isClosed && !Succeeded.Contains(position) && !GivenUp.Contains(position))
        {
            onLate?.Invoke(position, fault);
        }
    }
}
