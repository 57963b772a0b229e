using System.Globalization;

namespace Cairn.Server.Options;

/// <summary>Reads <c>EC:m</c>.</summary>
internal static class StorageClassParity
{
    /// <summary>Half of the widest code.</summary>
    public const int MaxParity = 8;

    public const string Accepted = "EC:m with m from 0 to 8, at most half of the drives";

    public static bool TryParse(string text, out int parity)
    {
        parity = 0;
        return text.StartsWith("EC:", StringComparison.OrdinalIgnoreCase)
            && int.TryParse(text.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out parity)
            && parity <= MaxParity;
    }
}
