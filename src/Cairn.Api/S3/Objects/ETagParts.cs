using System.Globalization;

namespace Cairn.Api.S3.Objects;

/// <summary>The number behind the hyphen of a multipart object's ETag.</summary>
internal static class ETagParts
{
    /// <summary>0 for the ETag of a single put.</summary>
    public static int Count(string etag)
    {
        int hyphen = etag.LastIndexOf('-');
        return hyphen >= 0
            && int.TryParse(etag.AsSpan(hyphen + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
                ? count
                : 0;
    }
}
