using Cairn.Primitives.Codecs;

namespace Cairn.Client.S3;

/// <summary>A request before it is signed. Bucket and key as the user writes them, the query encoded.</summary>
internal sealed class S3Request(HttpMethod method, string bucket = "", string key = "")
{
    public HttpMethod Method { get; } = method;

    public string Bucket { get; } = bucket;

    public string Key { get; } = key;

    /// <summary>Percent-encoded, without the question mark.</summary>
    public string Query { get; private set; } = "";

    /// <summary>Headers that are signed besides the usual ones.</summary>
    public List<KeyValuePair<string, string>> Headers { get; } = [];

    public string? ContentType { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Takes the place of <see cref="Body"/>; its content is not signed.</summary>
    public Stream? Stream { get; init; }

    public long StreamLength { get; init; }

    /// <summary>Adds a parameter; null is left out.</summary>
    public S3Request With(string name, string? value)
    {
        if (value is not null)
        {
            string pair = $"{name}={PercentEncoding.Encode(value, keepSlash: false)}";
            Query = Query.Length == 0 ? pair : $"{Query}&{pair}";
        }

        return this;
    }
}
