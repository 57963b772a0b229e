using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Cairn.Cli.Bench;

/// <summary>The content of the benchmark's objects.</summary>
/// <remarks>
/// Purpose: content that neither compresses nor deduplicates within an object, that a reader can check without having
/// kept it, and whose hash is computed once and not once per request.
/// Invariant: the content of an object follows from its number and size alone.
/// Concurrency: any thread.
/// </remarks>
internal sealed class BenchPayload
{
    private const int VariantCount = 16;

    // Prime, so that variants of the same size do not overlap in step with common block sizes.
    private const int VariantStep = 4_099;

    private readonly byte[] _block;
    private readonly ConcurrentDictionary<(int Variant, int Offset, int Length), byte[]> _hashes = new();

    public BenchPayload(int largestSize)
    {
        _block = new byte[largestSize + (VariantCount * VariantStep)];

        // The same bytes in each run: a kept run can be read by a later one.
        new Random(20_260_101).NextBytes(_block);
    }

    public ReadOnlySpan<byte> Content(long number, int size) => _block.AsSpan(VariantOf(number) * VariantStep, size);

    /// <summary>SHA-256 of a part of the content in lower-case hexadecimal ASCII; computed once per part.</summary>
    public ReadOnlySpan<byte> Hash(long number, int offset, int length) => _hashes.GetOrAdd(
        (VariantOf(number), offset, length),
        static (part, self) => self.Compute(part.Variant, part.Offset, part.Length),
        this);

    private static int VariantOf(long number) => (int)(number % VariantCount);

    private byte[] Compute(int variant, int offset, int length) => Encoding.ASCII.GetBytes(
        Convert.ToHexStringLower(SHA256.HashData(_block.AsSpan((variant * VariantStep) + offset, length))));
}
