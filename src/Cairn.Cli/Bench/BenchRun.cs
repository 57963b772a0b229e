using System.Diagnostics;
using Cairn.Client.S3;

namespace Cairn.Cli.Bench;

/// <summary>A benchmark from an empty bucket to a report.</summary>
/// <remarks>
/// Steps: (1) the bucket, (2) the objects that are read, (3) warm-up, (4) measurement, sampled every second,
/// (5) clean-up of exactly what the run made.
/// </remarks>
internal sealed class BenchRun(BenchPlan plan, BenchProgress progress)
{
    // Hashing and socket calls are shallow; thousands of clients must not reserve gigabytes of stack.
    private const int StackBytes = 256 * 1024;

    // How late the end of a run that has nothing left to do may be noticed.
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);

    private volatile BenchPhase _phase = BenchPhase.WarmingUp;

    public BenchPhase Phase => _phase;

    /// <summary>Runs to the end.</summary>
    /// <exception cref="S3Exception">The bucket cannot be used.</exception>
    /// <exception cref="HttpRequestException">The endpoint cannot be reached.</exception>
    public async Task<BenchReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        using var client = new S3Client(plan.Target);
        bool isBucketOurs = await EnsureBucketAsync(client, cancellationToken); // (1)
        var payload = new BenchPayload(plan.Sizes.Largest);
        BenchWorker[] workers = [.. Enumerable.Range(0, plan.Clients).Select(i => new BenchWorker(plan, payload, i))];
        try
        {
            Prepare(workers); // (2)
            return Measure(workers, cancellationToken); // (3), (4)
        }
        finally
        {
            if (!plan.IsKeeping)
            {
                await BenchCleanup.RunAsync(client, plan, workers, isBucketOurs, progress); // (5)
            }

            foreach (BenchWorker worker in workers)
            {
                worker.Dispose();
            }
        }
    }

    private async Task<bool> EnsureBucketAsync(S3Client client, CancellationToken cancellationToken)
    {
        if (await client.HasBucketAsync(plan.Bucket, cancellationToken))
        {
            return false;
        }

        await client.CreateBucketAsync(plan.Bucket, cancellationToken);
        return true;
    }

    private void Prepare(BenchWorker[] workers)
    {
        if (!plan.Mix.NeedsObjects)
        {
            return;
        }

        int objects = plan.Objects ?? DefaultObjects();
        if (plan.IsReusing)
        {
            Array.ForEach(workers, worker => worker.Reuse(objects));
            return;
        }

        progress.Tell($"preparing {objects} objects of {plan.Sizes}");
        Join(Start(workers, worker => worker.Prepare(objects)));
        if (workers.Select(worker => worker.FirstFailure).FirstOrDefault(f => f is not null) is { } failure)
        {
            throw new IOException($"Preparing the objects failed: {failure.Reason}");
        }
    }

    private BenchReport Measure(BenchWorker[] workers, CancellationToken cancellationToken)
    {
        progress.Tell($"warming up for {plan.WarmUp.TotalSeconds} s");
        Thread[] threads = Start(workers, worker => worker.Run(this));
        cancellationToken.WaitHandle.WaitOne(plan.WarmUp);

        using var process = Process.GetCurrentProcess();
        TimeSpan cpuBefore = process.TotalProcessorTime;
        long began = Stopwatch.GetTimestamp();
        _phase = BenchPhase.Measuring;
        List<BenchSecond> seconds = Sample(workers, threads, began, cancellationToken);
        _phase = BenchPhase.Ended;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
        process.Refresh();
        double cores = (process.TotalProcessorTime - cpuBefore) / elapsed;
        Join(threads);
        return BenchReport.Build(plan, workers, seconds, elapsed, cores);
    }

    private List<BenchSecond> Sample(
        BenchWorker[] workers, Thread[] threads, long began, CancellationToken cancellationToken)
    {
        var seconds = new List<BenchSecond>();
        long operationsBefore = 0;
        long bytesBefore = 0;
        while (threads.Any(thread => thread.IsAlive))
        {
            TimeSpan next = TimeSpan.FromSeconds(seconds.Count + 1);
            TimeSpan end = next < plan.Duration ? next : plan.Duration;

            // Waiting is cut to milliseconds; a sliver would become a second of its own with nothing in it.
            // The time is read once a turn: on a busy machine a second reading may lie behind the end.
            for (TimeSpan left = end - Stopwatch.GetElapsedTime(began);
                left > TimeSpan.Zero && threads.Any(thread => thread.IsAlive);
                left = end - Stopwatch.GetElapsedTime(began))
            {
                TimeSpan pause = left + TimeSpan.FromMilliseconds(1);
                if (cancellationToken.WaitHandle.WaitOne(pause < Slice ? pause : Slice))
                {
                    return seconds;
                }
            }

            long operations = workers.Sum(worker => worker.Statistics.Sum(s => s.Operations));
            long bytes = workers.Sum(worker => worker.Statistics.Sum(s => s.Bytes));
            seconds.Add(new BenchSecond(operations - operationsBefore, bytes - bytesBefore));
            operationsBefore = operations;
            bytesBefore = bytes;
            progress.Show(seconds.Count, seconds[^1]);
            if (Stopwatch.GetElapsedTime(began) >= plan.Duration)
            {
                break;
            }
        }

        return seconds;
    }

    private int DefaultObjects()
    {
        long affordable = BenchLimits.DefaultPreparedBytes / Math.Max(1, plan.Sizes.Average);
        return (int)Math.Clamp(affordable, plan.Clients, BenchLimits.DefaultObjects);
    }

    private static Thread[] Start(BenchWorker[] workers, Action<BenchWorker> work)
    {
        Thread[] threads = [.. workers.Select(worker => new Thread(() => work(worker), StackBytes))];
        foreach (Thread thread in threads)
        {
            thread.IsBackground = true;
            thread.Start();
        }

        return threads;
    }

    private static void Join(Thread[] threads) => Array.ForEach(threads, thread => thread.Join());
}
