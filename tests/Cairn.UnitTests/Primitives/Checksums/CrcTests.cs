using System.Text;
using Cairn.Primitives.Checksums;
using Cairn.Primitives.Checksums.Folding;
using Xunit;

namespace Cairn.UnitTests.Primitives.Checksums;

// Method: published check values; then every kernel of this processor against a bit-by-bit reference for all short
// lengths, odd alignments and all ways of cutting a message.
public sealed class CrcTests
{
    private static readonly (string Name, int Width, ulong Polynomial, CrcInstruction? Instruction)[] Algorithms =
    [
        ("CRC32", 32, Crc32.ReflectedPolynomial, new Crc32Instruction()),
        ("CRC32C", 32, Crc32C.ReflectedPolynomial, new Crc32CInstruction()),
        ("CRC64NVME", 64, Crc64Nvme.ReflectedPolynomial, null),
    ];

    public static TheoryData<string, string> Kernels
    {
        get
        {
            var kernels = new TheoryData<string, string>();
            foreach (var (name, _, _, instruction) in Algorithms)
            {
                kernels.Add(name, "table");
                if (instruction?.IsSupported == true)
                {
                    kernels.Add(name, "instruction");
                }

                foreach (var folding in CrcFolding.Supported)
                {
                    kernels.Add(name, folding.Name);
                }
            }

            return kernels;
        }
    }

    [Fact]
    public void Published_check_values_come_out()
    {
        var digits = "123456789"u8;
        Assert.Equal(0xCBF43926u, Crc32.Compute(digits));
        Assert.Equal(0xE3069283u, Crc32C.Compute(digits));
        Assert.Equal(0xAE8B14860A799888ul, Crc64Nvme.Compute(digits));
    }

    [Fact]
    public void The_vectors_of_RFC_3720_come_out()
    {
        var ascending = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Compute(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD794Eu, Crc32C.Compute(ascending));
        Assert.Equal(0x113FDB5Cu, Crc32C.Compute(ascending.Reverse().ToArray()));
    }

    [Fact]
    public void The_NVMe_vectors_of_4096_bytes_come_out()
    {
        Assert.Equal(0x6482D367EB22B64Eul, Crc64Nvme.Compute(new byte[4096]));
        Assert.Equal(0xC0DDBA7302ECA3ACul, Crc64Nvme.Compute(Enumerable.Repeat((byte)0xFF, 4096).ToArray()));
    }

    [Fact]
    public void The_checksum_of_nothing_is_zero()
    {
        Assert.Equal(0u, Crc32.Compute([]));
        Assert.Equal(0u, default(Crc32C).Value);
        Assert.Equal(0ul, Crc64Nvme.Compute([]));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_kernel_agrees_with_the_bitwise_reference(string algorithmName, string kernelName)
    {
        var (_, width, polynomial, instruction) = Algorithms.Single(algorithm => algorithm.Name == algorithmName);
        var folding = CrcFolding.Supported.SingleOrDefault(kernel => kernel.Name == kernelName);
        var algorithm = new CrcAlgorithm(width, polynomial, folding, kernelName == "instruction" ? instruction : null);
        var random = new Random(10);
        var bytes = new byte[3000];
        random.NextBytes(bytes);
        var lengths = Enumerable.Range(0, 600).Concat([1023, 1024, 1025, 2047, 2900]);
        foreach (var length in lengths)
        {
            var start = random.Next(64);
            var state = (ulong)random.NextInt64() >> (64 - width);
            Assert.Equal(
                UpdateBitwise(polynomial, state, bytes.AsSpan(start, length)),
                algorithm.Update(state, bytes.AsSpan(start, length)));
        }
    }

    [Fact]
    public void Appending_in_pieces_equals_computing_at_once()
    {
        var random = new Random(11);
        var bytes = new byte[5000];
        random.NextBytes(bytes);
        for (var round = 0; round < 200; round++)
        {
            Crc32 crc32 = default;
            Crc32C crc32C = default;
            Crc64Nvme crc64 = default;
            for (var at = 0; at < bytes.Length;)
            {
                var piece = bytes.AsSpan(at, Math.Min(random.Next(700), bytes.Length - at));
                crc32.Append(piece);
                crc32C.Append(piece);
                crc64.Append(piece);
                at += piece.Length;
            }

            Assert.Equal(Crc32.Compute(bytes), crc32.Value);
            Assert.Equal(Crc32C.Compute(bytes), crc32C.Value);
            Assert.Equal(Crc64Nvme.Compute(bytes), crc64.Value);
        }
    }

    [Fact]
    public void Combined_parts_equal_the_checksum_of_the_whole()
    {
        var random = new Random(12);
        var bytes = new byte[4096];
        random.NextBytes(bytes);
        for (var round = 0; round < 500; round++)
        {
            var first = bytes.AsSpan(0, random.Next(bytes.Length));
            var second = bytes.AsSpan(first.Length, random.Next(bytes.Length - first.Length));
            var whole = bytes.AsSpan(0, first.Length + second.Length);
            Assert.Equal(Crc32.Compute(whole),
                Crc32.Combine(Crc32.Compute(first), Crc32.Compute(second), second.Length));
            Assert.Equal(Crc32C.Compute(whole),
                Crc32C.Combine(Crc32C.Compute(first), Crc32C.Compute(second), second.Length));
            Assert.Equal(Crc64Nvme.Compute(whole),
                Crc64Nvme.Combine(Crc64Nvme.Compute(first), Crc64Nvme.Compute(second), second.Length));
        }
    }

    [Fact]
    public void Combining_is_associative_for_the_longest_objects()
    {
        const long PartSize = 5L << 30;
        const int PartCount = 10_000;
        ulong a = 0x0123456789ABCDEF, b = 0xFEDCBA9876543210, c = 0xAE8B14860A799888;
        Assert.Equal(
            Crc64Nvme.Combine(Crc64Nvme.Combine(a, b, PartSize), c, PartSize * PartCount),
            Crc64Nvme.Combine(a, Crc64Nvme.Combine(b, c, PartSize * PartCount), PartSize * (PartCount + 1)));
    }

    [Fact]
    public void A_digest_is_written_big_endian()
    {
        var digest = new byte[Crc32.DigestSize];
        Crc32.Resume(Crc32.Compute(Encoding.ASCII.GetBytes("123456789"))).WriteDigest(digest);
        Assert.Equal("CBF43926", Convert.ToHexString(digest));
    }

    private static ulong UpdateBitwise(ulong polynomial, ulong state, ReadOnlySpan<byte> source)
    {
        foreach (var value in source)
        {
            state ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                state = (state >> 1) ^ ((state & 1) * polynomial);
            }
        }

        return state;
    }
}
