using System.Buffers;
using Cairn.Drives.Index;

namespace Cairn.Drives.Scrub;

/// <summary>How far a scrub has come. Begins with the default value.</summary>
/// <param name="Family">What is being read: Heads, Versions or Shards; System stands for the beginning.</param>
/// <param name="After">Key of the last row that was checked.</param>
public readonly record struct ScrubCheckpoint(IndexFamily Family, ReadOnlyMemory<byte> After)
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789ABCDEF");

    /// <summary>As text, to be kept in a document.</summary>
    public override string ToString() => $"{(byte)Family}:{Convert.ToHexString(After.Span)}";

    /// <summary>From text; the beginning when it is none.</summary>
    public static ScrubCheckpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1
            || !byte.TryParse(text.AsSpan(0, colon), out byte family)
            || family > (byte)IndexFamily.Shards
            || (text.Length - colon - 1) % 2 != 0
            || text.AsSpan(colon + 1).ContainsAnyExcept(HexDigits))
        {
            return default;
        }

        return new ScrubCheckpoint((IndexFamily)family, Convert.FromHexString(text.AsSpan(colon + 1)));
    }
}
