using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Cairn.Api.S3.Authentication;

/// <summary>A request's headers, to be found by a name that is part of a longer text.</summary>
/// <remarks>Looking each signed header up in the dictionary would need a string for each of their names.</remarks>
internal readonly struct HeaderList : IDisposable
{
    private readonly KeyValuePair<string, StringValues>[] _headers;
    private readonly int _count;

    public HeaderList(IHeaderDictionary headers)
    {
        _headers = ArrayPool<KeyValuePair<string, StringValues>>.Shared.Rent(headers.Count);
        foreach (KeyValuePair<string, StringValues> header in headers)
        {
            _headers[_count++] = header;
        }
    }

    public ReadOnlySpan<KeyValuePair<string, StringValues>> Headers => _headers.AsSpan(0, _count);

    /// <summary>The values of a header; empty when it is absent.</summary>
    public StringValues Find(ReadOnlySpan<char> name)
    {
        foreach (ref readonly KeyValuePair<string, StringValues> header in Headers)
        {
            if (name.Equals(header.Key, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value;
            }
        }

        return StringValues.Empty;
    }

    public void Dispose() => ArrayPool<KeyValuePair<string, StringValues>>.Shared.Return(_headers, clearArray: true);
}
