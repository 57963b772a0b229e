namespace Cairn.Api.S3.Routing;

/// <summary>The decoded parameters of a query, in the order of the request.</summary>
internal sealed class S3Query
{
    /// <summary>Far above what any operation takes; a request line cannot carry many more.</summary>
    private const int MaxParameters = 1024;

    private readonly KeyValuePair<string, string>[] _parameters;

    private S3Query(KeyValuePair<string, string>[] parameters) => _parameters = parameters;

    public static S3Query Empty { get; } = new([]);

    public ReadOnlySpan<KeyValuePair<string, string>> Parameters => _parameters;

    /// <summary>Decodes a raw query once; a plus is a space.</summary>
    /// <returns>False for broken percent sequences, text that is not UTF-8, or too many parameters.</returns>
    public static bool TryParse(ReadOnlySpan<char> raw, out S3Query query)
    {
        query = Empty;
        if (raw.IsEmpty)
        {
            return true;
        }

        int count = raw.Count('&') + 1;
        if (count > MaxParameters)
        {
            return false;
        }

        var parameters = new KeyValuePair<string, string>[count];
        int filled = 0;
        foreach (Range range in raw.Split('&'))
        {
            ReadOnlySpan<char> pair = raw[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            int equals = pair.IndexOf('=');
            if (!TryDecode(equals < 0 ? pair : pair[..equals], out string name)
                || !TryDecode(equals < 0 ? default : pair[(equals + 1)..], out string value))
            {
                return false;
            }

            parameters[filled++] = new(name, value);
        }

        query = new S3Query(filled == count ? parameters : parameters[..filled]);
        return true;
    }

    /// <summary>The first value of a parameter; empty for one without a value; null when it is absent.</summary>
    public string? Find(string name)
    {
        foreach (KeyValuePair<string, string> parameter in _parameters)
        {
            if (parameter.Key == name)
            {
                return parameter.Value;
            }
        }

        return null;
    }

    /// <summary>As <see cref="Find"/>, for parameters that stand for a header.</summary>
    public string? FindHeader(string name)
    {
        foreach (KeyValuePair<string, string> parameter in _parameters)
        {
            if (parameter.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return parameter.Value;
            }
        }

        return null;
    }

    /// <summary>A parameter's value, with an empty one taken for absent.</summary>
    public string? FindText(string name) => Find(name) is { Length: > 0 } value ? value : null;

    public bool Has(string name) => Find(name) is not null;

    private static bool TryDecode(ReadOnlySpan<char> raw, out string text)
    {
        text = "";
        if (raw.IsEmpty)
        {
            return true;
        }

        if (!raw.ContainsAny('%', '+'))
        {
            text = raw.ToString();
            return true;
        }

        return UriText.TryDecode(raw, plusIsSpace: true, out text);
    }
}
