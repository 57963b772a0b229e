using System.Buffers;
using System.Net;

namespace Cairn.Api.S3;

/// <summary>The rules for bucket names.</summary>
/// <remarks>See: AWS, "General purpose bucket naming rules".</remarks>
internal static class BucketName
{
    private const int MinLength = 3;
    private const int MaxLength = 63;

    // --x-s3 would make SDKs talk another protocol (CreateSession); the others belong to kinds of bucket that are not
    // here.
    // The admin API has its paths where such a bucket would have its keys.
    private static readonly string[] ReservedNames = ["cairn"];
    private static readonly string[] ReservedPrefixes = ["xn--", "sthree-", "amzn-s3-demo-"];
    private static readonly string[] ReservedSuffixes = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-");

    /// <summary>Whether a bucket of this name could exist at all; cheap, for every request.</summary>
    public static bool IsPossible(string name) =>
        name.Length is >= MinLength and <= MaxLength && !name.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>Whether a bucket of this name may be created.</summary>
    public static bool IsValid(string name)
    {
        if (!IsPossible(name)
            || !char.IsAsciiLetterOrDigit(name[0])
            || !char.IsAsciiLetterOrDigit(name[^1])
            || name.Contains("..", StringComparison.Ordinal)
            || name.Contains(".-", StringComparison.Ordinal)
            || name.Contains("-.", StringComparison.Ordinal)
            || LooksLikeAddress(name))
        {
            return false;
        }

        return !ReservedNames.Contains(name)
            && !ReservedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))
            && !ReservedSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal));
    }

    private static bool LooksLikeAddress(string name) =>
        name.Count(c => c == '.') == 3 && IPAddress.TryParse(name, out _);
}
