using System.Buffers;
using System.Text;

namespace Cairn.Primitives.Codecs;

/// <summary>RFC 3986 percent-encoding with S3's set of bare characters.</summary>
public static class PercentEncoding
{
    /// <summary>Most bytes that one byte becomes.</summary>
    public const int MaxExpansion = 3;

    private const string UnreservedSet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private static readonly SearchValues<byte> Unreserved = SearchValues.Create(Encoding.ASCII.GetBytes(UnreservedSet));

    /// <summary>A-Z a-z 0-9 - . _ ~ stand bare everywhere.</summary>
    public static bool IsUnreserved(byte value) => Unreserved.Contains(value);

    /// <summary>Decodes once. Characters beyond ASCII, which a header may carry, become their UTF-8 bytes.</summary>
    /// <param name="text">Encoded text.</param>
    /// <param name="plusIsSpace">As in a query; in a path a plus is a plus.</param>
    /// <param name="destination">At least <see cref="MaxExpansion"/> times the text's length.</param>
    /// <param name="written">Bytes written.</param>
    /// <returns>False when a percent sign is not followed by two hexadecimal digits.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, bool plusIsSpace, Span<byte> destination, out int written)
    {
        written = 0;
        for (int at = 0; at < text.Length;)
        {
            char c = text[at];
            if (c == '%')
            {
                if (!TryDecodeByte(text[at..], out destination[written]))
                {
                    return false;
                }

                written++;
                at += 3;
            }
            else if (c < 0x80)
            {
                destination[written++] = plusIsSpace && c == '+' ? (byte)' ' : (byte)c;
                at++;
            }
            else
            {
                // An unpaired surrogate becomes U+FFFD, as everywhere in .NET.
                Rune.DecodeFromUtf16(text[at..], out Rune rune, out int consumed);
                written += rune.EncodeToUtf8(destination[written..]);
                at += consumed;
            }
        }

        return true;
    }

    /// <summary>Encodes bytes; upper-case hexadecimal.</summary>
    /// <param name="bytes">What to encode.</param>
    /// <param name="keepSlash">Leaves a slash bare.</param>
    /// <param name="destination">At least <see cref="MaxExpansion"/> times as long.</param>
    /// <returns>Bytes written.</returns>
    public static int Encode(ReadOnlySpan<byte> bytes, bool keepSlash, Span<byte> destination)
    {
        int written = 0;
        foreach (byte value in bytes)
        {
            written += EncodeByte(value, keepSlash, destination[written..]);
        }

        return written;
    }

    /// <summary>Encodes the UTF-8 form of a text.</summary>
    public static string Encode(string text, bool keepSlash)
    {
        if (!NeedsEncoding(text, keepSlash))
        {
            return text;
        }

        int size = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[] rented = ArrayPool<byte>.Shared.Rent(size + size * MaxExpansion);
        int read = Encoding.UTF8.GetBytes(text, rented);
        int written = Encode(rented.AsSpan(0, read), keepSlash, rented.AsSpan(size));
        string encoded = Encoding.ASCII.GetString(rented, size, written);
        ArrayPool<byte>.Shared.Return(rented);
        return encoded;
    }

    internal static int EncodeByte(byte value, bool keepSlash, Span<byte> destination)
    {
        if (IsUnreserved(value) || (keepSlash && value == (byte)'/'))
        {
            destination[0] = value;
            return 1;
        }

        destination[0] = (byte)'%';
        destination[1] = HexDigit(value >> 4);
        destination[2] = HexDigit(value & 15);
        return 3;
    }

    internal static bool TryDecodeByte(ReadOnlySpan<char> triplet, out byte value)
    {
        value = 0;
        if (triplet.Length < 3 || !char.IsAsciiHexDigit(triplet[1]) || !char.IsAsciiHexDigit(triplet[2]))
        {
            return false;
        }

        value = (byte)((HexValue(triplet[1]) << 4) | HexValue(triplet[2]));
        return true;
    }

    private static bool NeedsEncoding(string text, bool keepSlash)
    {
        foreach (char c in text)
        {
            if (c >= 0x80 || !(IsUnreserved((byte)c) || (keepSlash && c == '/')))
            {
                return true;
            }
        }

        return false;
    }

    private static byte HexDigit(int value) => (byte)(value < 10 ? '0' + value : 'A' + value - 10);

    private static int HexValue(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
