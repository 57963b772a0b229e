using System.Collections.Concurrent;

namespace Cairn.Primitives.Erasure;

/// <summary>Computes parity shards, and missing shards from any k of the k+m.</summary>
/// <remarks>
/// <para>Purpose: the erasure code of every stripe. Shards are independent byte columns: coding bytes a..b of all
/// shards gives bytes a..b of the result, so callers may code any equal slice of their shards.</para>
/// <para>Invariants: the code is fixed by k and m alone (<see cref="GeneratorMatrix"/>); every kernel gives the same
/// bytes. With k = 1 every shard is a replica; with m = 0 there is nothing to compute.</para>
/// <para>Concurrency: immutable apart from a bounded cache of decoding plans; any number of threads may use one
/// instance. No allocation, except for a decoding plan that is not in the cache.</para>
/// </remarks>
public sealed class ReedSolomon
{
    /// <summary>The most shards, data and parity together, that one stripe may have.</summary>
    public const int MaxShards = 64;

    private static readonly ConcurrentDictionary<(int Data, int Parity), ReedSolomon> Codes = new();

    private readonly GeneratorMatrix _matrix;
    private readonly ShardKernel _kernel;
    private readonly CodingPlan _encoding;
    private readonly PlanCache _plans = new();

    internal ReedSolomon(int dataShards, int parityShards, ShardKernel kernel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dataShards, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(parityShards);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parityShards, MaxShards - dataShards);
        DataShards = dataShards;
        ParityShards = parityShards;
        _kernel = kernel;
        _matrix = new GeneratorMatrix(dataShards, parityShards);
        _encoding = Solve(ShardMask.All(dataShards), ShardMask.All(TotalShards).Without(ShardMask.All(dataShards)));
    }

    /// <summary>k: the shards that hold the bytes themselves, indexes 0 to k-1.</summary>
    public int DataShards { get; }

    /// <summary>m: the shards that may be lost, indexes k to k+m-1.</summary>
    public int ParityShards { get; }

    public int TotalShards => DataShards + ParityShards;

    /// <summary>The shared instance for k and m. Throws ArgumentOutOfRangeException for k below 1, m below 0 and
    /// k+m above <see cref="MaxShards"/>.</summary>
    public static ReedSolomon Get(int dataShards, int parityShards) =>
        Codes.TryGetValue((dataShards, parityShards), out var code)
            ? code
            : Codes.GetOrAdd((dataShards, parityShards), new ReedSolomon(dataShards, parityShards, ShardKernel.Fastest));

    /// <summary>Fills the last m of <paramref name="shards"/> from the first k. All have the same length, and none
    /// overlaps another. Nothing is retained.</summary>
    public void Encode(ReadOnlySpan<Memory<byte>> shards)
    {
        CheckCount(shards.Length, TotalShards, nameof(shards));
        Run(_encoding, shards, shards[0].Length);
    }

    /// <summary>Fills <paramref name="parity"/> (m shards) from <paramref name="data"/> (k shards). All have the same
    /// length, and none overlaps another. Nothing is retained.</summary>
    public void Encode(ReadOnlySpan<ReadOnlyMemory<byte>> data, ReadOnlySpan<Memory<byte>> parity)
    {
        CheckCount(data.Length, DataShards, nameof(data));
        CheckCount(parity.Length, ParityShards, nameof(parity));
        if (ParityShards > 0 && data[0].Length > 0)
        {
            new ShardPins(_encoding, parity, data[0].Length) { Data = data }.Run();
        }
    }

    /// <summary>Fills the parity shards of a stripe whose k+m shards of <paramref name="shardSize"/> bytes lie one
    /// after the other, data first.</summary>
    public void Encode(Span<byte> stripe, int shardSize) => Run(_encoding, stripe, shardSize);

    /// <summary>Computes the shards of <paramref name="wanted"/> that are not <paramref name="present"/>, from k
    /// present ones.</summary>
    /// <param name="shards">All k+m places of the stripe. Present and wanted ones have the same length; the others
    /// are not touched and may be empty.</param>
    /// <param name="present">Shards whose bytes are known to be good: at least k, or ArgumentException. With more
    /// than k, data shards are preferred and the rest is not read.</param>
    /// <param name="wanted">Shards to have afterwards; those already present stay as they are.</param>
    public void Reconstruct(ReadOnlySpan<Memory<byte>> shards, ShardMask present, ShardMask wanted)
    {
        CheckCount(shards.Length, TotalShards, nameof(shards));
        var plan = PlanFor(present, wanted);
        if (plan is not null)
        {
            Run(plan, shards, shards[plan.Sources[0]].Length);
        }
    }

    /// <summary>The same for a stripe whose k+m shards of <paramref name="shardSize"/> bytes lie one after the other.
    /// Only the missing wanted shards are written.</summary>
    public void Reconstruct(Span<byte> stripe, int shardSize, ShardMask present, ShardMask wanted)
    {
        var plan = PlanFor(present, wanted);
        if (plan is not null)
        {
            Run(plan, stripe, shardSize);
        }
    }

    /// <summary>Which k of the <paramref name="present"/> shards <c>Reconstruct</c> reads: the lowest indexes, so that
    /// data shards come first.</summary>
    public ShardMask SourcesAmong(ShardMask present)
    {
        Span<int> sources = stackalloc int[DataShards];
        var found = (present & ShardMask.All(TotalShards)).CopyTo(sources);
        return found == DataShards
            ? ShardMask.Of(sources)
            : throw new ArgumentException($"{found} shards are present; {DataShards} are needed.", nameof(present));
    }

    private CodingPlan? PlanFor(ShardMask present, ShardMask wanted)
    {
        var targets = (wanted & ShardMask.All(TotalShards)).Without(present);
        if (targets.Count == 0)
        {
            return null;
        }

        var sources = SourcesAmong(present);
        var plan = _plans.Find(sources, targets);
        if (plan is null)
        {
            plan = Solve(sources, targets);
            _plans.Put(sources, targets, plan);
        }

        return plan;
    }

    private CodingPlan Solve(ShardMask sourceMask, ShardMask targetMask)
    {
        var sources = new int[sourceMask.Count];
        var targets = new int[targetMask.Count];
        sourceMask.CopyTo(sources);
        targetMask.CopyTo(targets);
        return new CodingPlan(_kernel, sources, targets, _matrix.SolveFor(sources, targets));
    }

    private static void Run(CodingPlan plan, ReadOnlySpan<Memory<byte>> shards, int shardSize)
    {
        if (plan.Targets.Length > 0 && shardSize > 0)
        {
            new ShardPins(plan, shards, shardSize).Run();
        }
    }

    private unsafe void Run(CodingPlan plan, Span<byte> stripe, int shardSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shardSize);
        if (stripe.Length != (long)shardSize * TotalShards)
        {
            throw new ArgumentException(
                $"The stripe has {stripe.Length} bytes; {TotalShards} shards of {shardSize} were announced.", nameof(stripe));
        }

        if (plan.Targets.Length == 0 || shardSize == 0)
        {
            return;
        }

        var pointers = stackalloc byte*[plan.Sources.Length + plan.Targets.Length];
        fixed (byte* start = stripe)
        {
            for (var source = 0; source < plan.Sources.Length; source++)
            {
                pointers[source] = start + (nint)plan.Sources[source] * shardSize;
            }

            for (var target = 0; target < plan.Targets.Length; target++)
            {
                pointers[plan.Sources.Length + target] = start + (nint)plan.Targets[target] * shardSize;
            }

            plan.Run(pointers, pointers + plan.Sources.Length, shardSize);
        }
    }

    private static void CheckCount(int actual, int expected, string name)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"{actual} shards were given; this code has {expected} there.", name);
        }
    }
}
