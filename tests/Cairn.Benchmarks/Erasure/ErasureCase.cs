using System.Runtime.InteropServices;
using Cairn.Primitives.Erasure;

namespace Cairn.Benchmarks.Erasure;

/// <summary>One stripe, coded by Cairn and by ISA-L with the same coefficients on the same shards.</summary>
/// <remarks>Decoding loses as many data shards as there is parity, the most work there can be. Both results are
/// compared once before anything is measured.</remarks>
internal sealed unsafe class ErasureCase
{
    private const int Alignment = 4096;

    private readonly ReedSolomon _code;
    private readonly int _shardSize;
    private readonly byte* _stripe;
    private readonly byte* _decoded;
    private readonly Memory<byte>[] _separate;
    private readonly ShardMask _lost;
    private readonly ShardMask _present;
    private readonly Coding _encoding;
    private readonly Coding _decoding;

    public ErasureCase(int dataShards, int parityShards, int shardSize)
    {
        _code = ReedSolomon.Get(dataShards, parityShards);
        _shardSize = shardSize;
        StripeSize = _code.TotalShards * shardSize;
        _stripe = (byte*)NativeMemory.AlignedAlloc((nuint)StripeSize, Alignment);
        _decoded = (byte*)NativeMemory.AlignedAlloc((nuint)StripeSize, Alignment);
        _separate = [.. Enumerable.Range(0, _code.TotalShards).Select(_ => (Memory<byte>)new byte[shardSize])];
        _lost = ShardMask.All(int.Min(dataShards, parityShards));
        _present = ShardMask.All(_code.TotalShards).Without(_lost);
        new Random(1).NextBytes(new Span<byte>(_stripe, StripeSize));
        _encoding = new Coding(this, ShardMask.All(dataShards),
            ShardMask.All(_code.TotalShards).Without(ShardMask.All(dataShards)), _stripe);
        _decoding = new Coding(this, _code.SourcesAmong(_present), _lost, _decoded);
        CheckAgreement();
    }

    public long DataBytes => (long)_code.DataShards * _shardSize;

    private int StripeSize { get; }

    public void Encode() => _code.Encode(new Span<byte>(_stripe, StripeSize), _shardSize);

    /// <summary>With shards in separate pieces of managed memory.</summary>
    public void EncodeSeparate() => _code.Encode(_separate);

    public void Decode() => _code.Reconstruct(new Span<byte>(_decoded, StripeSize), _shardSize, _present, _lost);

    public void EncodeByIsaL() => _encoding.RunIsaL(_shardSize);

    public void DecodeByIsaL() => _decoding.RunIsaL(_shardSize);

    private void CheckAgreement()
    {
        Encode();
        var stripe = new Span<byte>(_stripe, StripeSize);
        var decoded = new Span<byte>(_decoded, StripeSize);
        var expected = stripe.ToArray();
        void Damage(Span<byte> target)
        {
            expected.CopyTo(target);
            target[..(_lost.Count * _shardSize)].Fill(0xEE);
        }

        Damage(decoded);
        Decode();
        var agrees = decoded.SequenceEqual(expected);
        if (IsaL.IsAvailable)
        {
            stripe[(_code.DataShards * _shardSize)..].Clear();
            EncodeByIsaL();
            Damage(decoded);
            DecodeByIsaL();
            agrees &= stripe.SequenceEqual(expected) && decoded.SequenceEqual(expected);
        }

        if (!agrees)
        {
            throw new InvalidOperationException($"{_code.DataShards}+{_code.ParityShards}: the results differ.");
        }
    }

    private sealed class Coding
    {
        private readonly int _sourceCount;
        private readonly int _targetCount;
        private readonly byte* _tables;
        private readonly byte** _pointers;

        public Coding(ErasureCase owner, ShardMask sources, ShardMask targets, byte* stripe)
        {
            _sourceCount = sources.Count;
            _targetCount = targets.Count;
            var indexes = new int[_sourceCount + _targetCount];
            sources.CopyTo(indexes);
            targets.CopyTo(indexes.AsSpan(_sourceCount));
            _pointers = (byte**)NativeMemory.Alloc((nuint)(indexes.Length * sizeof(byte*)));
            for (var index = 0; index < indexes.Length; index++)
            {
                _pointers[index] = stripe + (long)indexes[index] * owner._shardSize;
            }

            _tables = (byte*)NativeMemory.AlignedAlloc((nuint)(32 * _sourceCount * _targetCount), Alignment);
            var coefficients = new GeneratorMatrix(owner._code.DataShards, owner._code.ParityShards)
                .SolveFor(indexes.AsSpan(0, _sourceCount), indexes.AsSpan(_sourceCount));
            if (IsaL.IsAvailable)
            {
                fixed (byte* start = coefficients)
                {
                    IsaL.InitTables(_sourceCount, _targetCount, start, _tables);
                }
            }
        }

        public void RunIsaL(int shardSize) =>
            IsaL.Encode(shardSize, _sourceCount, _targetCount, _tables, _pointers, _pointers + _sourceCount);
    }
}
