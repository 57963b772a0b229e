using System.Globalization;
using Cairn.Api.S3.Errors;

namespace Cairn.Api.S3.Conditions;

/// <summary>A run of an object's bytes.</summary>
/// <param name="Offset">0 or more.</param>
/// <param name="Length">1 or more; 0 only for an object or a part without bytes.</param>
internal readonly record struct ByteRange(long Offset, long Length)
{
    /// <summary>The value of Content-Range.</summary>
    public string ToHeader(long size) =>
        string.Create(CultureInfo.InvariantCulture, $"bytes {Offset}-{Offset + Length - 1}/{size}");

    /// <summary>Reads a Range header against an object's size.</summary>
    /// <param name="header">As received; null when absent.</param>
    /// <param name="size">The object's bytes.</param>
    /// <param name="range">
    /// Null: the whole object, which is also the answer to several ranges and to what is not a range.
    /// </param>
    /// <returns>InvalidRange when no byte of the object is in it.</returns>
    public static S3Error? TryParse(string? header, long size, out ByteRange? range)
    {
        range = null;
        if (header is null || !header.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        ReadOnlySpan<char> spec = header.AsSpan("bytes=".Length).Trim(' ');
        int dash = spec.IndexOf('-');
        if (dash < 0
            || !TryParseNumber(spec[..dash], out long? first)
            || !TryParseNumber(spec[(dash + 1)..], out long? last)
            || (first is null && last is null)
            || first > last)
        {
            return null;
        }

        long offset = first ?? Math.Max(0, size - last!.Value);
        long end = first is null || last is null ? size : Math.Min(last.Value, size - 1) + 1;
        if (offset >= size || end <= offset)
        {
            return S3Error.InvalidRange
                .With("RangeRequested", header)
                .With("ActualObjectSize", size.ToString(CultureInfo.InvariantCulture))
                .WithHeader("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes */{size}"));
        }

        range = new ByteRange(offset, end - offset);
        return null;
    }

    // Numbers beyond 64 bits lie behind every object's end; they are not a mistake.
    private static bool TryParseNumber(ReadOnlySpan<char> text, out long? number)
    {
        number = null;
        if (text.IsEmpty)
        {
            return true;
        }

        if (text.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        number = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? Math.Min(value, long.MaxValue - 1)
            : long.MaxValue - 1;
        return true;
    }
}
