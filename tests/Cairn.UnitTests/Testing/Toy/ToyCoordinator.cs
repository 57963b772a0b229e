using Cairn.Testing.Histories;

namespace Cairn.UnitTests.Testing.Toy;

/// <summary>One client operation of the toy protocol, step by step. A coordinator that is not moved on has died.</summary>
internal sealed class ToyCoordinator(ToyCluster cluster, ObjectHistory history, int id)
{
    private readonly int _node = cluster.Random.Next(4);
    private readonly ObjectState _written = new(id, id, 0);

    // Results of the last round, because an iterator cannot return a value.
    private bool _isChosen;
    private ToyCall _call = new(0);
    private long _ballot;
    private bool _isPrepared;
    private int? _settled;

    public IEnumerable<int> Run() => cluster.Random.Next(5) switch
    {
        0 or 1 => WriteAsSteps(),
        2 or 3 => ReadAsSteps(),
        _ => CreateAsSteps(),
    };

    private IEnumerable<int> ReadAsSteps()
    {
        PendingOperation operation = history.Begin("key", $"get {id}", ObjectStep.ObserveNot(-1));
        ToyCall call = cluster.Send(r => r.Read());
        int enough = cluster.Random.Pick([cluster.ReadQuorum, cluster.Replicas]);
        foreach (int step in Wait(() => call.Count >= enough, 20))
        {
            yield return step;
        }

        if (call.Count >= cluster.ReadQuorum)
        {
            ToyVersion best = call.Granted.SelectMany(r => r.Versions)
                .OrderByDescending(v => v.Ballot).ThenByDescending(v => v.IsCommitted).First();
            if (best.IsCommitted || best.Id == 0 || cluster.Mutation == ToyMutation.TrustPending)
            {
                operation.Succeed(Saw(best.Id), "saw");
                yield break;
            }
        }

        foreach (int step in Settle())
        {
            yield return step;
        }

        if (_settled is { } value)
        {
            operation.Succeed(Saw(value), "saw");
        }
        else
        {
            operation.Fail();
        }
    }

    private IEnumerable<int> WriteAsSteps()
    {
        PendingOperation operation = history.Begin("key", $"put {id}", ObjectStep.Write(_written));
        foreach (int step in Accept(cluster.NextBallot(_node, 0), id))
        {
            yield return step;
        }

        if (!_isChosen && (_call.IsRefusedByAll || cluster.Mutation == ToyMutation.BlindRetry))
        {
            foreach (int step in Accept(cluster.NextBallot(_node, Math.Max(_ballot, _call.HighestRefusal)), id))
            {
                yield return step;
            }

            if (!_isChosen && _call.IsRefusedByAll)
            {
                operation.Fail();
                yield break;
            }
        }

        foreach (int step in FindOut(operation))
        {
            yield return step;
        }
    }

    private IEnumerable<int> CreateAsSteps()
    {
        PendingOperation operation = history.Begin("key", $"create {id}", ObjectStep.WriteIfAbsent(_written));
        foreach (int step in Settle())
        {
            yield return step;
        }

        if (_settled != 0)
        {
            End(operation, _settled is null ? null : ObjectStep.ObserveNot(0));
            yield break;
        }

        foreach (int step in Accept(_ballot, id))
        {
            yield return step;
        }

        if (!_isChosen && _call.IsRefusedByAll)
        {
            operation.Fail();
            yield break;
        }

        foreach (int step in FindOut(operation))
        {
            yield return step;
        }
    }

    // After an accept: done if it was chosen, else asks with a higher ballot whether it may have been.
    private IEnumerable<int> FindOut(PendingOperation operation)
    {
        if (!_isChosen)
        {
            foreach (int step in Prepare(Math.Max(_ballot, _call.HighestRefusal)))
            {
                yield return step;
            }

            if (_isPrepared && Resolve() is { } survivor && survivor.Id == id)
            {
                _isChosen = survivor.IsCommitted;
                if (!_isChosen)
                {
                    foreach (int step in Accept(_ballot, id))
                    {
                        yield return step;
                    }
                }
            }
        }

        if (_isChosen)
        {
            operation.Succeed();
        }
    }

    private IEnumerable<int> Settle()
    {
        _settled = null;
        foreach (int step in Prepare(0))
        {
            yield return step;
        }

        if (!_isPrepared || Resolve() is not { } survivor)
        {
            yield break;
        }

        if (!survivor.IsCommitted && cluster.Mutation != ToyMutation.NoWriteBack)
        {
            foreach (int step in Accept(_ballot, survivor.Id))
            {
                yield return step;
            }

            if (!_isChosen)
            {
                yield break;
            }
        }

        _settled = survivor.Id;
    }

    private IEnumerable<int> Accept(long ballot, int version)
    {
        _ballot = ballot;
        ToyCall call = _call = cluster.Send(r => r.Accept(ballot, version));
        int needed = cluster.WriteQuorum - (cluster.Mutation == ToyMutation.SmallQuorum ? 1 : 0);
        foreach (int step in Wait(
            () => call.OkCount >= needed || call.Count == cluster.Replicas, cluster.Random.Pick([20, 60])))
        {
            yield return step;
        }

        _isChosen = call.OkCount >= needed;
        if (_isChosen)
        {
            cluster.Send(r => r.Commit(ballot, version));
        }
    }

    private IEnumerable<int> Prepare(long above)
    {
        for (int attempt = 0; attempt < 3; attempt++)
        {
            long ballot = _ballot = cluster.NextBallot(_node, above);
            ToyCall call = _call = cluster.Send(r => r.Prepare(ballot));
            foreach (int step in Wait(() => call.Count == cluster.Replicas, cluster.Random.Pick([10, 30])))
            {
                yield return step;
            }

            _isPrepared = call.OkCount >= cluster.ReadQuorum;
            if (_isPrepared)
            {
                yield break;
            }

            above = Math.Max(above, call.HighestRefusal);
        }
    }

    // The highest version that may have been chosen; null when that cannot be known or not be recovered.
    private ToyVersion? Resolve()
    {
        List<ToyReply> answers = [.. _call.Granted];
        int unseen = cluster.Replicas - answers.Count;
        IEnumerable<ToyVersion> candidates = answers.SelectMany(r => r.Versions).GroupBy(v => v.Id)
            .Select(g => new ToyVersion(g.Key, g.Max(v => v.Ballot), g.Any(v => v.IsCommitted)))
            .OrderByDescending(v => v.Ballot);
        foreach (ToyVersion candidate in candidates)
        {
            if (candidate.IsCommitted || candidate.Id == 0)
            {
                return candidate with { IsCommitted = true };
            }

            int holders = answers.Count(r => r.Versions.Any(v => v.Id == candidate.Id));
            if (holders + unseen >= cluster.WriteQuorum)
            {
                return holders >= cluster.DataShards ? candidate
                    : cluster.Mutation == ToyMutation.SkipMaybe ? new ToyVersion(0, 0, true)
                    : null;
            }
        }

        return null;
    }

    private static IEnumerable<int> Wait(Func<bool> isEnough, int steps)
    {
        for (; steps > 0 && !isEnough(); steps--)
        {
            yield return steps;
        }
    }

    private static void End(PendingOperation operation, ObjectStep? learned)
    {
        if (learned is null)
        {
            operation.Fail();
        }
        else
        {
            operation.Succeed(learned, "refused");
        }
    }

    private static ObjectStep Saw(int version) =>
        ObjectStep.Observe(version == 0 ? ObjectState.Absent : new ObjectState(version, version, 0));
}
