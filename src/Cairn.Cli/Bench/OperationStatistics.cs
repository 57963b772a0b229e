namespace Cairn.Cli.Bench;

/// <summary>What one client counted for one operation.</summary>
/// <remarks>Concurrency: one writer; the progress display reads the counters meanwhile, each of which is atomic.</remarks>
internal sealed class OperationStatistics
{
    private long _operations;
    private long _bytes;

    public LatencyHistogram Latency { get; } = new();

    public long Operations => Volatile.Read(ref _operations);

    /// <summary>Content bytes, in the direction of the operation.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Keys and folders that listings returned.</summary>
    public long Listed { get; private set; }

    public long Failures { get; private set; }

    public void RecordSuccess(long ticks, long bytes, long listed)
    {
        Latency.Record(ticks);
        Listed += listed;
        Volatile.Write(ref _bytes, _bytes + bytes);
        Volatile.Write(ref _operations, _operations + 1);
    }

    public void RecordFailure() => Failures++;

    public void Add(OperationStatistics other)
    {
        Latency.Add(other.Latency);
        _operations += other.Operations;
        _bytes += other.Bytes;
        Listed += other.Listed;
        Failures += other.Failures;
    }
}
