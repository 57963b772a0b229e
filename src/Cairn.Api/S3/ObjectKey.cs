using System.Globalization;
using System.Text;
using Cairn.Api.S3.Errors;

namespace Cairn.Api.S3;

/// <summary>
/// Limits of object keys. Keys are opaque otherwise: dots, slashes and empty segments mean nothing here.
/// </summary>
internal static class ObjectKey
{
    /// <summary>S3's limit, in UTF-8 bytes.</summary>
    public const int MaxSize = 1024;

    /// <summary>The error for a key that no object can have; an empty one (the bucket itself) passes.</summary>
    public static S3Error? Check(string key)
    {
        if (key.Length > MaxSize / 3 && Encoding.UTF8.GetByteCount(key) is var size and > MaxSize)
        {
            return S3Error.KeyTooLong
                .With("Size", size.ToString(CultureInfo.InvariantCulture))
                .With("MaxSizeAllowed", MaxSize.ToString(CultureInfo.InvariantCulture));
        }

        return key.Contains('\0', StringComparison.Ordinal)
            ? S3Error.InvalidUri.Because("A key cannot contain the character NUL.")
            : null;
    }
}
