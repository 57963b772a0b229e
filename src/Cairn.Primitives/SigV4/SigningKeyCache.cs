using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Cairn.Primitives.Codecs;

namespace Cairn.Primitives.SigV4;

/// <summary>Signing keys by secret and scope. Deriving one costs four HMACs, and it is good for a day.</summary>
/// <remarks>
/// Invariants: never more than a fixed number of keys. A scope's day is checked against the clock only after the
/// signature, so a caller who knows a secret could ask for many days; forgetting everything then costs little.
/// Concurrency: any thread.
/// </remarks>
public sealed class SigningKeyCache
{
    /// <summary>
    /// Room for the presigned days of a few identities; a week of seven days each is the common case.
    /// </summary>
    private const int MaxKeys = 512;

    private readonly ConcurrentDictionary<(string Secret, SigV4Scope Scope), byte[]> _keys = new();

    /// <summary>The key for a secret in a scope: 32 bytes that the caller must not change.</summary>
    public ReadOnlyMemory<byte> Get(string secret, SigV4Scope scope)
    {
        if (_keys.TryGetValue((secret, scope), out byte[]? key))
        {
            return key;
        }

        if (_keys.Count >= MaxKeys)
        {
            _keys.Clear();
        }

        key = Derive(secret, scope);
        _keys[(secret, scope)] = key;
        return key;
    }

    /// <summary>HMAC of day, region, service and terminator, each under the one before.</summary>
    public static byte[] Derive(string secret, SigV4Scope scope)
    {
        var builder = new ByteBuilder(stackalloc byte[256]);
        builder.Append("AWS4"u8);
        builder.Append(secret.AsSpan());
        byte[] key = new byte[HMACSHA256.HashSizeInBytes];
        string day = scope.Day.ToString("D8", System.Globalization.CultureInfo.InvariantCulture);
        HMACSHA256.HashData(builder.Bytes, Encoding.UTF8.GetBytes(day), key);
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(scope.Region), key);
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(scope.Service), key);
        HMACSHA256.HashData(key, "aws4_request"u8, key);
        builder.Dispose();
        return key;
    }
}
