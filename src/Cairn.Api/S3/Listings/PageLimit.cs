using System.Globalization;
using Cairn.Api.S3.Errors;

namespace Cairn.Api.S3.Listings;

/// <summary>How much a page of a listing holds.</summary>
internal static class PageLimit
{
    /// <summary>S3's default and most.</summary>
    public const int Max = 1000;

    /// <summary>Reads max-keys and its like: a number; more than the most is cut down to it.</summary>
    public static S3Error? TryParse(string? text, string name, out int limit) => TryParse(text, name, Max, out limit);

    /// <summary>The same with a most of its own.</summary>
    public static S3Error? TryParse(string? text, string name, int max, out int limit)
    {
        limit = max;
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            || number < 0)
        {
            return S3Error.InvalidArgument
                .Because($"Argument {name} must be an integer between 0 and 2147483647")
                .With("ArgumentName", name)
                .With("ArgumentValue", text);
        }

        limit = Math.Min(number, max);
        return null;
    }
}
