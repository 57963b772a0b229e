using System.Security.Cryptography;
using System.Text;

namespace Cairn.Cluster.Security;

/// <summary>What all nodes of a cluster know and nobody else.</summary>
/// <remarks>Used as a key for this purpose only, never as it is: HKDF makes each key from it.</remarks>
internal sealed class ClusterSecret
{
    // Whoever records a handshake can try secrets at home.
    private const int MinLength = 16;

    private readonly byte[] _key;

    private ClusterSecret(byte[] key) => _key = key;

    /// <exception cref="ArgumentException">Too short to withstand guessing.</exception>
    public static ClusterSecret Parse(string secret)
    {
        string text = secret.Trim();
        return text.Length >= MinLength
            ? new ClusterSecret(HKDF.Extract(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(text), "cairn cluster 1"u8.ToArray()))
            : throw new ArgumentException($"The cluster secret must have at least {MinLength} characters; take random ones.");
    }

    /// <summary>Proves, in one role, knowledge of the secret for a transcript.</summary>
    public byte[] Prove(ReadOnlySpan<byte> role, ReadOnlySpan<byte> transcript)
    {
        using IncrementalHash mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Derive("proof"u8, []));
        mac.AppendData(role);
        mac.AppendData(transcript);
        return mac.GetHashAndReset();
    }

    /// <summary>A key for one purpose, of one transcript.</summary>
    public byte[] Derive(ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> transcript) => HKDF.Expand(
        HashAlgorithmName.SHA256, _key, FrameSeal.KeySize, [.. purpose, 0, .. SHA256.HashData(transcript)]);

    public override string ToString() => "(secret)";
}
