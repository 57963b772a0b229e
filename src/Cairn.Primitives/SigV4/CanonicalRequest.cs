using System.Security.Cryptography;
using Cairn.Primitives.Codecs;

namespace Cairn.Primitives.SigV4;

/// <summary>The canonical form of a request that a version 4 signature covers.</summary>
/// <remarks>
/// Purpose: one implementation for the side that signs and the side that verifies. Everything comes from the raw
/// request: path and query are decoded once and encoded once, never normalised.
/// Use: <see cref="TryAppendTarget"/>, each signed header in order, <see cref="AppendEnd"/>, then <see cref="Bytes"/>;
/// dispose it.
/// See: AWS, "Create a canonical request", with the S3 rule that a path is encoded once.
/// </remarks>
public ref struct CanonicalRequest(Span<byte> initialBuffer)
{
    private ByteBuilder _builder = new(initialBuffer);

    /// <summary>What has been appended so far.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _builder.Bytes;

    /// <summary>Appends method, path and query.</summary>
    /// <param name="method">As on the request line.</param>
    /// <param name="rawPath">As on the request line, up to the question mark.</param>
    /// <param name="rawQuery">As on the request line, without the question mark.</param>
    /// <param name="omittedParameter">A parameter that is not part of it (X-Amz-Signature); empty: none.</param>
    /// <returns>False when a percent sign is not followed by two hexadecimal digits.</returns>
    public bool TryAppendTarget(
        scoped ReadOnlySpan<char> method,
        scoped ReadOnlySpan<char> rawPath,
        scoped ReadOnlySpan<char> rawQuery,
        scoped ReadOnlySpan<char> omittedParameter)
    {
        _builder.Append(method);
        _builder.Append((byte)'\n');
        if (!CanonicalTarget.TryAppend(ref _builder, rawPath.IsEmpty ? "/" : rawPath, isQuery: false))
        {
            return false;
        }

        _builder.Append((byte)'\n');
        if (!CanonicalQuery.TryAppend(ref _builder, rawQuery, omittedParameter))
        {
            return false;
        }

        _builder.Append((byte)'\n');
        return true;
    }

    /// <summary>Begins a header; its name is lower-cased.</summary>
    public void AppendHeaderName(scoped ReadOnlySpan<char> name)
    {
        _builder.AppendLower(name);
        _builder.Append((byte)':');
    }

    /// <summary>Appends a value, trimmed and with each inner run of spaces made one.</summary>
    /// <param name="value">As received.</param>
    /// <param name="isFirst">Later values of the same header follow a comma.</param>
    public void AppendHeaderValue(scoped ReadOnlySpan<char> value, bool isFirst)
    {
        if (!isFirst)
        {
            _builder.Append((byte)',');
        }

        value = value.Trim(" \t");
        for (int space = value.IndexOf("  "); space >= 0; space = value.IndexOf("  "))
        {
            _builder.Append(value[..(space + 1)]);
            value = value[space..].TrimStart(' ');
        }

        _builder.Append(value);
    }

    /// <summary>Ends a header.</summary>
    public void AppendHeaderEnd() => _builder.Append((byte)'\n');

    /// <summary>Appends the list of signed headers and the literal payload hash.</summary>
    /// <param name="signedHeaders">Lower-case names separated by semicolons.</param>
    /// <param name="payloadHash">The value of x-amz-content-sha256, whatever it says.</param>
    public void AppendEnd(scoped ReadOnlySpan<char> signedHeaders, scoped ReadOnlySpan<char> payloadHash)
    {
        _builder.Append((byte)'\n');
        _builder.Append(signedHeaders);
        _builder.Append((byte)'\n');
        _builder.Append(payloadHash);
    }

    /// <summary>SHA-256 of the canonical request: 32 bytes.</summary>
    public readonly void WriteHash(Span<byte> destination) => SHA256.HashData(_builder.Bytes, destination);

    public void Dispose() => _builder.Dispose();
}
