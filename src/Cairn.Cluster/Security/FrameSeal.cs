using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Cairn.Cluster.Security;

/// <summary>Encrypts and authenticates the frames of one direction of one connection.</summary>
/// <remarks>
/// AES-256-GCM. The nonce is the number of the frame, which is not sent: a frame that is repeated, left out, moved or
/// altered in any bit, header included, does not open. Rejected: HMAC-SHA256 alone, which costs more than encryption here
/// and hides nothing (docs/design/cluster-transport.md has the figures).
/// Invariants: a key serves one direction of one connection, so no nonce is used twice.
/// Concurrency: one caller.
/// </remarks>
internal sealed class FrameSeal(ReadOnlySpan<byte> key) : IDisposable
{
    public const int TagSize = 16;
    public const int KeySize = 32;
    private const int NonceSize = 12;

    private readonly AesGcm _cipher = new(key, TagSize);
    private ulong _number;

    /// <param name="header">In the clear, but bound to the payload.</param>
    /// <param name="payload">To be encrypted.</param>
    /// <param name="target">As long as the payload and a tag.</param>
    public void Seal(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> target)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        NextNonce(nonce);
        _cipher.Encrypt(nonce, payload, target[..payload.Length], target.Slice(payload.Length, TagSize), header);
    }

    /// <param name="header">As it came.</param>
    /// <param name="sealedPayload">Encrypted payload, and tag.</param>
    /// <param name="payload">As long as the payload; may be the same memory as the encrypted one.</param>
    /// <returns>False when this is not the next frame of the other node.</returns>
    public bool TryOpen(ReadOnlySpan<byte> header, ReadOnlySpan<byte> sealedPayload, Span<byte> payload)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        NextNonce(nonce);
        try
        {
            _cipher.Decrypt(nonce, sealedPayload[..^TagSize], sealedPayload[^TagSize..], payload, header);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => _cipher.Dispose();

    private void NextNonce(Span<byte> nonce)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], checked(_number++));
    }
}
