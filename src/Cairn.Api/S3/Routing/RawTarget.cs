namespace Cairn.Api.S3.Routing;

/// <summary>
/// The request target as it came over the wire, split at the question mark and not otherwise touched.
/// </summary>
/// <remarks>The framework's own path is decoded and normalised, which would change keys and break signatures.</remarks>
internal readonly struct RawTarget
{
    private readonly string _text;
    private readonly int _pathStart;
    private readonly int _pathEnd;

    private RawTarget(string text, int pathStart, int pathEnd)
    {
        _text = text;
        _pathStart = pathStart;
        _pathEnd = pathEnd;
    }

    /// <summary>From the first slash to the question mark; empty for an absolute target without a path.</summary>
    public ReadOnlySpan<char> Path => _text.AsSpan(_pathStart, _pathEnd - _pathStart);

    /// <summary>Behind the question mark.</summary>
    public ReadOnlySpan<char> Query => _pathEnd < _text.Length ? _text.AsSpan(_pathEnd + 1) : default;

    /// <summary>Takes the origin form (/path?query) or the absolute form (http://host/path?query).</summary>
    public static bool TryParse(string text, out RawTarget target)
    {
        int start = 0;
        if (!text.StartsWith('/'))
        {
            int scheme = text.IndexOf("://", StringComparison.Ordinal);
            if (scheme < 0)
            {
                target = default;
                return false;
            }

            int authority = scheme + 3;
            int end = text.AsSpan(authority).IndexOfAny('/', '?');
            start = end < 0 ? text.Length : authority + end;
        }

        int question = text.IndexOf('?', start);
        target = new RawTarget(text, start, question < 0 ? text.Length : question);
        return true;
    }
}
