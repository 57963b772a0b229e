namespace Cairn.Api.S3.Bodies;

/// <summary>The Content-Encoding header, of which aws-chunked is not the object's.</summary>
internal static class ContentEncoding
{
    private const string AwsChunked = "aws-chunked";

    public static bool IsAwsChunked(string? header)
    {
        foreach (Range range in header.AsSpan().Split(','))
        {
            if (header.AsSpan()[range].Trim(' ').Equals(AwsChunked, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What to store: the other encodings, in order; null when there are none.</summary>
    public static string? WithoutAwsChunked(string header)
    {
        if (!IsAwsChunked(header))
        {
            return header;
        }

        IEnumerable<string> others = header
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(encoding => !encoding.Equals(AwsChunked, StringComparison.OrdinalIgnoreCase));
        string stored = string.Join(",", others);
        return stored.Length == 0 ? null : stored;
    }
}
