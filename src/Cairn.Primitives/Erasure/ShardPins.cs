using System.Runtime.InteropServices;

namespace Cairn.Primitives.Erasure;

/// <summary>Runs a plan on shards that lie in separate pieces of memory.</summary>
/// <remarks>
/// Purpose: each shard is pinned by a stack frame of its own, because a handle per shard (<c>Memory.Pin</c>) costs
/// more than encoding a small stripe, and a managed reference cannot be kept in an array.
/// Concurrency: lives on one stack; nothing is retained when <see cref="Run"/> returns.
/// </remarks>
internal unsafe ref struct ShardPins(CodingPlan plan, ReadOnlySpan<Memory<byte>> shards, int shardSize)
{
    private readonly CodingPlan _plan = plan;
    private readonly ReadOnlySpan<Memory<byte>> _shards = shards;
    private readonly int _shardSize = shardSize;
    private ReadOnlySpan<ReadOnlyMemory<byte>> _data;
    private byte** _pointers;

    /// <summary>Shards that come before those of the constructor and are only read.</summary>
    public ReadOnlySpan<ReadOnlyMemory<byte>> Data
    {
        init => _data = value;
    }

    public void Run()
    {
        var pointers = stackalloc byte*[_plan.Sources.Length + _plan.Targets.Length];
        _pointers = pointers;
        PinSource(0);
    }

    private void PinSource(int position)
    {
        if (position == _plan.Sources.Length)
        {
            PinTarget(0);
            return;
        }

        fixed (byte* pointer = SpanOf(_plan.Sources[position]))
        {
            _pointers[position] = pointer;
            PinSource(position + 1);
        }
    }

    private void PinTarget(int position)
    {
        if (position == _plan.Targets.Length)
        {
            _plan.Run(_pointers, _pointers + _plan.Sources.Length, _shardSize);
            return;
        }

        fixed (byte* pointer = SpanOf(_plan.Targets[position]))
        {
            _pointers[_plan.Sources.Length + position] = pointer;
            PinTarget(position + 1);
        }
    }

    private readonly Span<byte> SpanOf(int shard)
    {
        var memory = shard < _data.Length
            ? MemoryMarshal.AsMemory(_data[shard])
            : _shards[shard - _data.Length];
        return memory.Length == _shardSize
            ? memory.Span
            : throw new ArgumentException($"Shard {shard} has {memory.Length} bytes; its stripe has {_shardSize} per shard.");
    }
}
