using System.Globalization;

namespace Cairn.Primitives.SigV4;

/// <summary>The ISO 8601 basic form in which signatures carry time: 20130524T000000Z.</summary>
public static class SigV4Time
{
    /// <summary>Characters of the text form.</summary>
    public const int Length = 16;

    private const string Pattern = "yyyyMMdd'T'HHmmss'Z'";

    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture);

    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(
            text, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    /// <summary>The day as the number yyyyMMdd, which is how a credential scope names it.</summary>
    public static int DayOf(DateTimeOffset time)
    {
        DateTime utc = time.UtcDateTime;
        return (utc.Year * 10_000) + (utc.Month * 100) + utc.Day;
    }
}
