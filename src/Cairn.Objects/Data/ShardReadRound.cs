using Cairn.Drives;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;

namespace Cairn.Objects.Data;

/// <summary>Reads columns of the wanted shards, or of any k others when one of them fails or is late.</summary>
/// <remarks>
/// Invariants: at most one other shard is asked for each that failed or is late; decided when the wanted shards are
/// there, or any k, or when nobody is left to ask.
/// </remarks>
internal sealed class ShardReadRound : DriveRound<bool>
{
    private readonly PieceShards _shards;
    private readonly StripeRun _run;
    private readonly PositionSet _wanted;
    private readonly PositionSet _usable;
    private PositionSet _late;

    public ShardReadRound(
        Partition partition, StoreEngine engine, PieceShards shards, StripeRun run, PositionSet wanted, PositionSet usable)
        : base(partition, engine)
    {
        _shards = shards;
        _run = run;
        _wanted = wanted;
        _usable = usable;
    }

    /// <summary>Shards whose columns are in the run. Not to grow once decided: their buffers may be in other hands.</summary>
    public PositionSet Present { get; private set; }

    /// <summary>Shards whose drives answered without the bytes.</summary>
    public PositionSet Failed { get; private set; }

    public bool IsServed => (_wanted - Present).IsEmpty || Present.Count >= _shards.Code.DataShards;

    public void Start()
    {
        PositionSet first = (_wanted & _usable) - Avoided();
        Ask(first | Substitutes(_wanted.Count - first.Count == 0 ? 0 : _shards.Code.DataShards - first.Count, first));
    }

    /// <summary>The outstanding shards are late: asks for as many others.</summary>
    public void Hedge()
    {
        PositionSet more;
        lock (Gate)
        {
            if (IsDecided)
            {
                return;
            }

            _late |= Outstanding;
            foreach (int position in Outstanding)
            {
                Partition.Drives[position].Timing.NoteLate();
            }

            more = NextToAsk();
        }

        Ask(more);
    }

    protected override bool IsWrite => false;

    protected override ValueTask<DriveResult<bool>> CallAsync(int position)
    {
        // Asked outside the lock: the round may have been decided, and the run given back, since this drive was chosen.
        return _run.TryAddHolder() ? ReadAsync(position) : new ValueTask<DriveResult<bool>>(DriveFault.Busy);
    }

    protected override bool Assess()
    {
        foreach (int position in Answered)
        {
            if (!Replies[position].IsOk)
            {
                Failed = Failed.With(position);
            }
            else if (!IsDecided)
            {
                Present = Present.With(position);
            }
        }

        return IsServed;
    }

    // With one wanted shard lost it takes k others to compute it; with none lost nobody else is needed.
    protected override PositionSet NextToAsk()
    {
        PositionSet hoped = Present | (Outstanding - _late);
        return (_wanted - hoped).IsEmpty ? default : Substitutes(_shards.Code.DataShards - hoped.Count, Asked);
    }

    protected override bool AssessLate(TimeSpan age) => false;

    private async ValueTask<DriveResult<bool>> ReadAsync(int position)
    {
        try
        {
            return await _shards.ReadAsync(position, _run);
        }
        finally
        {
            _run.Dispose();
        }
    }

    private PositionSet Substitutes(int count, PositionSet excluded)
    {
        PositionSet chosen = default;
        PositionSet avoided = Avoided();
        foreach (PositionSet choice in (ReadOnlySpan<PositionSet>)[_usable - excluded - avoided, (_usable - excluded) & avoided])
        {
            foreach (int position in choice)
            {
                chosen = chosen.Count < count ? chosen.With(position) : chosen;
            }
        }

        return chosen;
    }

    private PositionSet Avoided()
    {
        PositionSet avoided = default;
        foreach (int position in _usable)
        {
            avoided = Partition.Drives[position].Timing is { IsLate: true } or { IsAside: true } ? avoided.With(position) : avoided;
        }

        return avoided;
    }
}
