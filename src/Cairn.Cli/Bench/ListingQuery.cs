using System.Net;
using System.Text;

namespace Cairn.Cli.Bench;

/// <summary>Asks for listing pages and reads the two things the benchmark needs from them.</summary>
/// <remarks>
/// Purpose: a page of 1,000 keys is searched for its marks instead of being parsed, so that the generator does not
/// take the core from the server.
/// </remarks>
internal static class ListingQuery
{
    /// <summary>The canonical query of ListObjectsV2: names in order, values encoded.</summary>
    public static byte[] Build(string prefix, string delimiter, string continuationToken)
    {
        var query = new StringBuilder();
        if (continuationToken.Length > 0)
        {
            query.Append("continuation-token=").Append(Uri.EscapeDataString(continuationToken)).Append('&');
        }

        if (delimiter.Length > 0)
        {
            query.Append("delimiter=").Append(Uri.EscapeDataString(delimiter)).Append('&');
        }

        query.Append("list-type=2&max-keys=1000&prefix=").Append(Uri.EscapeDataString(prefix));
        return Encoding.ASCII.GetBytes(query.ToString());
    }

    /// <summary>Keys and folders on a page.</summary>
    public static long Count(ReadOnlySpan<byte> page) => page.Count("<Key>"u8) + page.Count("<CommonPrefixes>"u8);

    /// <summary>Empty at the end of the listing.</summary>
    public static string ReadToken(ReadOnlySpan<byte> page) => ReadElement(page, "NextContinuationToken");

    internal static string ReadElement(ReadOnlySpan<byte> xml, string name)
    {
        byte[] open = Encoding.ASCII.GetBytes($"<{name}>");
        int start = xml.IndexOf(open);
        if (start < 0)
        {
            return "";
        }

        ReadOnlySpan<byte> rest = xml[(start + open.Length)..];
        int length = rest.IndexOf((byte)'<');
        return length < 0 ? "" : WebUtility.HtmlDecode(Encoding.UTF8.GetString(rest[..length]));
    }
}
