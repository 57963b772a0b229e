using System.Security.Cryptography;
using Cairn.Primitives.Codecs;

namespace Cairn.Primitives.SigV4;

/// <summary>String to sign, and the signature over it.</summary>
public static class SigV4Signature
{
    /// <summary>Lower-case hexadecimal digits of a signature.</summary>
    public const int HexLength = 64;

    /// <summary>The algorithm's name in headers, queries and strings to sign.</summary>
    public const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>SHA-256 of nothing, in hexadecimal.</summary>
    public const string EmptyPayloadHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>Signs the hash of a canonical request.</summary>
    /// <param name="signingKey">32 bytes, see <see cref="SigningKeyCache"/>.</param>
    /// <param name="time">The request's x-amz-date or X-Amz-Date, as sent.</param>
    /// <param name="scope">The key's scope.</param>
    /// <param name="requestHash">32 bytes.</param>
    /// <param name="destination">Takes <see cref="HexLength"/> bytes.</param>
    public static void Write(
        ReadOnlySpan<byte> signingKey,
        ReadOnlySpan<char> time,
        SigV4Scope scope,
        ReadOnlySpan<byte> requestHash,
        Span<byte> destination)
    {
        var builder = new ByteBuilder(stackalloc byte[256]);
        AppendStringToSign(ref builder, time, scope, requestHash);
        WriteHmac(signingKey, builder.Bytes, destination);
        builder.Dispose();
    }

    /// <summary>The string to sign, to show to a client whose signature did not match.</summary>
    public static string StringToSign(ReadOnlySpan<char> time, SigV4Scope scope, ReadOnlySpan<byte> requestHash)
    {
        var builder = new ByteBuilder(stackalloc byte[256]);
        AppendStringToSign(ref builder, time, scope, requestHash);
        string text = System.Text.Encoding.UTF8.GetString(builder.Bytes);
        builder.Dispose();
        return text;
    }

    internal static void WriteHmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text, Span<byte> hexDestination)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, text, mac);
        Convert.TryToHexStringLower(mac, hexDestination, out _);
    }

    private static void AppendStringToSign(
        ref ByteBuilder builder, ReadOnlySpan<char> time, SigV4Scope scope, ReadOnlySpan<byte> requestHash)
    {
        builder.Append(Algorithm.AsSpan());
        builder.Append((byte)'\n');
        builder.Append(time);
        builder.Append((byte)'\n');
        scope.AppendTo(ref builder);
        builder.Append((byte)'\n');
        builder.AppendHex(requestHash);
    }
}
