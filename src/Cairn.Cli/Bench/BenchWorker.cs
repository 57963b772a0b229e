using System.Diagnostics;

namespace Cairn.Cli.Bench;

/// <summary>One client of the benchmark: a thread that sends one operation after the other.</summary>
/// <remarks>
/// Invariants: a worker owns the objects whose number is its index modulo the number of clients, so that no two
/// workers race for an object and a read never meets a delete. An operation counts when it began and ended while
/// measuring.
/// Concurrency: one thread; the run reads the statistics' counters meanwhile.
/// </remarks>
internal sealed class BenchWorker(BenchPlan plan, BenchPayload payload, int index) : IDisposable
{
    private readonly BenchClient _client = new(plan, payload);
    private readonly Random _random = new(index);
    private readonly List<long> _live = [];
    private long _next = index;
    private int _failuresInARow;
    private volatile BenchFailure? _firstFailure;

    /// <summary>By <see cref="BenchOperation"/>.</summary>
    public OperationStatistics[] Statistics { get; } =
        [.. Enum.GetValues<BenchOperation>().Select(_ => new OperationStatistics())];

    public BenchFailure? FirstFailure => _firstFailure;

    /// <summary>Numbers of the objects that exist, or may exist.</summary>
    public IReadOnlyList<long> LiveObjects => _live;

    /// <summary>Puts this worker's share of a number of objects.</summary>
    public void Prepare(int objects)
    {
        while (_next < objects)
        {
            long number = Adopt();
            if (!_client.Put(number) && !Endure(BenchOperation.Put))
            {
                return;
            }
        }
    }

    /// <summary>Takes this worker's share of objects that are there already.</summary>
    public void Reuse(int objects)
    {
        while (_next < objects)
        {
            Adopt();
        }
    }

    /// <summary>Sends operations until the run ends or there is nothing left to do.</summary>
    public void Run(BenchRun run)
    {
        long lastPut = plan.Mix.Single == BenchOperation.Put ? plan.Objects ?? long.MaxValue : long.MaxValue;
        while (run.Phase != BenchPhase.Ended)
        {
            BenchOperation operation = plan.Mix.Pick(_random);
            if (_live.Count == 0 && operation is BenchOperation.Get or BenchOperation.Head or BenchOperation.Delete)
            {
                if (plan.Mix.Single is not null)
                {
                    return;
                }

                operation = BenchOperation.Put;
            }

            if (operation == BenchOperation.Put && _next >= lastPut)
            {
                return;
            }

            if (!Measure(run, operation))
            {
                return;
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private bool Measure(BenchRun run, BenchOperation operation)
    {
        bool isCounted = run.Phase == BenchPhase.Measuring;
        long began = Stopwatch.GetTimestamp();
        bool isSuccess = Execute(operation);
        long ticks = Stopwatch.GetTimestamp() - began;
        isCounted &= run.Phase == BenchPhase.Measuring;
        OperationStatistics statistics = Statistics[(int)operation];
        if (isSuccess)
        {
            _failuresInARow = 0;
            if (isCounted)
            {
                statistics.RecordSuccess(ticks, _client.Bytes, operation == BenchOperation.List ? _client.Listed : 0);
            }

            return true;
        }

        // Failures count in every phase: a run whose warm-up failed did not measure what it says.
        statistics.RecordFailure();
        return Endure(operation);
    }

    private bool Execute(BenchOperation operation) => operation switch
    {
        BenchOperation.Put => _client.Put(Adopt()),
        BenchOperation.Get => _client.Get(_live[_random.Next(_live.Count)]),
        BenchOperation.Head => _client.Head(_live[_random.Next(_live.Count)]),
        BenchOperation.Delete => _client.Delete(Abandon()),
        _ => _client.List(),
    };

    private bool Endure(BenchOperation operation)
    {
        _firstFailure ??= new BenchFailure(operation, _client.Reason);
        return ++_failuresInARow < BenchLimits.MaxFailuresInARow;
    }

    // Before the request is sent: a put that failed may have taken effect and must be cleaned up as well.
    private long Adopt()
    {
        long number = _next;
        _next += plan.Clients;
        _live.Add(number);
        return number;
    }

    private long Abandon()
    {
        int at = _random.Next(_live.Count);
        long number = _live[at];
        _live[at] = _live[^1];
        _live.RemoveAt(_live.Count - 1);
        return number;
    }
}
