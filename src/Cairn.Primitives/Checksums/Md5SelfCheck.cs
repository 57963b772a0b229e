using Cairn.Primitives.Checksums.Lanes;

namespace Cairn.Primitives.Checksums;

/// <summary>Compares the single lane with a digest of RFC 1321, and every lane of a kernel with the single one.</summary>
internal static class Md5SelfCheck
{
    // MD5("12345678901234567890123456789012345678901234567890123456789012345678901234567890"), two blocks.
    private static ReadOnlySpan<byte> Digest =>
        [0x57, 0xED, 0xF4, 0xA2, 0x2B, 0xE3, 0xC9, 0x55, 0xAC, 0x49, 0xDA, 0x2E, 0x21, 0x07, 0xB6, 0x7A];

    public static void Run(Md5Kernel kernel)
    {
        Span<byte> message = stackalloc byte[80];
        Span<byte> digest = stackalloc byte[Md5State.DigestSize];
        for (var at = 0; at < message.Length; at++)
        {
            message[at] = (byte)('0' + (at + 1) % 10);
        }

        Md5.HashData(message, digest);
        KernelSelfCheck.Require(digest.SequenceEqual(Digest), "MD5", Md5Kernel.Single.Name);

        var messages = new ReadOnlyMemory<byte>[2 * kernel.LaneCount];
        for (var index = 0; index < messages.Length; index++)
        {
            var bytes = new byte[64 + 37 * index];
            bytes.AsSpan().Fill((byte)(index * 59 + 1));
            messages[index] = bytes;
        }

        var digests = new byte[messages.Length * Md5State.DigestSize];
        Md5Lanes.HashMany(kernel, messages, digests);
        for (var index = 0; index < messages.Length; index++)
        {
            Md5.HashData(messages[index].Span, digest);
            var isRight = digest.SequenceEqual(digests.AsSpan(index * Md5State.DigestSize, Md5State.DigestSize));
            KernelSelfCheck.Require(isRight, "MD5", kernel.Name);
        }
    }
}
