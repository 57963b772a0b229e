using System.Security.Cryptography;
using System.Text;
using Cairn.Primitives.Checksums;
using Cairn.Primitives.Checksums.Lanes;
using Xunit;

namespace Cairn.UnitTests.Primitives.Checksums;

// Method: the vectors of RFC 1321, then the platform's MD5 as the reference for every kernel, for all short lengths,
// for messages cut at random places, and for groups of messages of unequal lengths.
public sealed class Md5Tests
{
    public static TheoryData<string> Kernels => [.. Md5Kernel.Supported.Select(kernel => kernel.Name)];

    [Theory]
    [InlineData("", "D41D8CD98F00B204E9800998ECF8427E")]
    [InlineData("a", "0CC175B9C0F1B6A831C399E269772661")]
    [InlineData("abc", "900150983CD24FB0D6963F7D28E17F72")]
    [InlineData("message digest", "F96B697D7CB7938D525A2F31AAF161D0")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "C3FCD3D76192E4007DFB496CCA67E13B")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "D174AB98D277D9F5A5611C2C9F419D9F")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890",
        "57EDF4A22BE3C955AC49DA2E2107B67A")]
    public void The_vectors_of_RFC_1321_come_out(string message, string digest)
    {
        var actual = new byte[Md5.DigestSize];
        Md5.HashData(Encoding.ASCII.GetBytes(message), actual);
        Assert.Equal(digest, Convert.ToHexString(actual));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Hashing_many_messages_equals_hashing_each(string kernelName)
    {
        var random = new Random(20);
        var kernel = Md5Kernel.Supported.Single(candidate => candidate.Name == kernelName);
        for (var count = 0; count <= 70; count++)
        {
            var messages = Enumerable.Range(0, count)
                .Select(_ => (ReadOnlyMemory<byte>)RandomBytes(random, random.Next(400)))
                .ToArray();
            var digests = new byte[count * Md5.DigestSize];
            Md5Lanes.HashMany(kernel, messages, digests);
            Assert.Equal(messages.SelectMany(message => Reference(message.Span)), digests);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_length_up_to_four_blocks_is_padded_right(string kernelName)
    {
        var kernel = Md5Kernel.Supported.Single(candidate => candidate.Name == kernelName);
        var messages = Enumerable.Range(0, 257)
            .Select(length => (ReadOnlyMemory<byte>)RandomBytes(new Random(length), length))
            .ToArray();
        var digests = new byte[messages.Length * Md5.DigestSize];
        Md5Lanes.HashMany(kernel, messages, digests);
        Assert.Equal(messages.SelectMany(message => Reference(message.Span)), digests);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Messages_move_between_single_and_group_processing_at_any_byte(string kernelName)
    {
        var random = new Random(21);
        var kernel = Md5Kernel.Supported.Single(candidate => candidate.Name == kernelName);
        for (var round = 0; round < 30; round++)
        {
            var contents = Enumerable.Range(0, random.Next(1, 40)).Select(_ => RandomBytes(random, 3000)).ToArray();
            var messages = contents.Select(_ => new Md5()).ToArray();
            var positions = new int[contents.Length];
            for (var step = 0; step < 8; step++)
            {
                var chosen = Enumerable.Range(0, contents.Length).Where(_ => random.Next(4) > 0).ToArray();
                var pieces = chosen.Select(index =>
                {
                    var size = random.Next(Math.Min(600, 3000 - positions[index]) + 1);
                    positions[index] += size;
                    return (ReadOnlyMemory<byte>)contents[index].AsMemory(positions[index] - size, size);
                }).ToArray();
                if (random.Next(3) == 0)
                {
                    for (var index = 0; index < chosen.Length; index++)
                    {
                        messages[chosen[index]].Append(pieces[index].Span);
                    }
                }
                else
                {
                    Md5Lanes.Append(kernel, chosen.Select(index => messages[index]).ToArray(), pieces);
                }
            }

            for (var index = 0; index < contents.Length; index++)
            {
                var digest = new byte[Md5.DigestSize];
                messages[index].WriteDigest(digest);
                Assert.Equal(Reference(contents[index].AsSpan(0, positions[index])), digest);
            }
        }
    }

    [Fact]
    public void A_message_can_go_on_after_its_digest_was_read_and_can_be_reset()
    {
        var bytes = RandomBytes(new Random(22), 1000);
        var digest = new byte[Md5.DigestSize];
        var message = new Md5();

        message.Append(bytes.AsSpan(0, 333));
        message.WriteDigest(digest);
        Assert.Equal(Reference(bytes.AsSpan(0, 333)), digest);

        message.Append(bytes.AsSpan(333));
        message.WriteDigest(digest);
        Assert.Equal(Reference(bytes), digest);

        message.Reset();
        message.WriteDigest(digest);
        Assert.Equal(Reference([]), digest);
    }

    private static byte[] RandomBytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    // The platform's implementation is the reference; nothing here depends on MD5 being secure.
#pragma warning disable CA5351
    private static byte[] Reference(ReadOnlySpan<byte> message) => MD5.HashData(message);
#pragma warning restore CA5351
}
