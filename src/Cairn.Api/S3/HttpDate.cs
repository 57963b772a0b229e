using System.Globalization;

namespace Cairn.Api.S3;

/// <summary>Dates of HTTP headers and of XML documents.</summary>
internal static class HttpDate
{
    private static readonly string[] Patterns =
    [
        "r",
        "ddd, d MMM yyyy HH:mm:ss 'GMT'",
        "ddd, dd MMM yyyy HH:mm:ss '+0000'",
        "dddd, dd-MMM-yy HH:mm:ss 'GMT'",
        "ddd MMM d HH:mm:ss yyyy",
        "yyyyMMdd'T'HHmmss'Z'",
        "yyyy-MM-dd'T'HH:mm:ss'Z'",
        "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
    ];

    /// <summary>Reads the three forms of RFC 9110 and the ISO ones that S3 clients send in their place.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text,
        Patterns,
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces,
        out time);

    /// <summary>RFC 1123: Wed, 21 Oct 2015 07:28:00 GMT.</summary>
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("r", CultureInfo.InvariantCulture);

    /// <summary>The whole second a client sees; all comparisons are made with it.</summary>
    public static DateTimeOffset ToSecond(DateTimeOffset time) =>
        time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));
}
