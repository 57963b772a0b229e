using System.Buffers.Text;
using System.Text;
using Cairn.Api.S3.Errors;

namespace Cairn.Api.S3.Listings;

/// <summary>Where a listing goes on, in a form that clients cannot mistake for a key.</summary>
/// <remarks>URL-safe, because clients send it back in a query and not all of them encode it.</remarks>
internal static class ContinuationToken
{
    /// <summary>In front of the name; another form of token gets another number.</summary>
    private const byte Version = 1;

    public static string Create(string after)
    {
        byte[] bytes = new byte[1 + Encoding.UTF8.GetByteCount(after)];
        bytes[0] = Version;
        Encoding.UTF8.GetBytes(after, bytes.AsSpan(1));
        return Base64Url.EncodeToString(bytes);
    }

    public static S3Error? TryParse(string token, out string after)
    {
        after = "";
        byte[] bytes = new byte[Base64Url.GetMaxDecodedLength(token.Length)];
        if (!Base64Url.IsValid(token)
            || !Base64Url.TryDecodeFromChars(token, bytes, out int size)
            || size < 1
            || bytes[0] != Version
            || !System.Text.Unicode.Utf8.IsValid(bytes.AsSpan(1, size - 1)))
        {
            return S3Error.InvalidArgument.Because("The continuation token provided is incorrect")
                .With("ArgumentName", "continuation-token");
        }

        after = Encoding.UTF8.GetString(bytes, 1, size - 1);
        return null;
    }
}
