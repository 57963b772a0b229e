using System.Buffers.Binary;
using System.Globalization;
using Cairn.Primitives;

namespace Cairn.Objects.Records;

/// <summary>An ETag as stored: an MD5 and, for a multipart object, the number of parts (else 0).</summary>
internal readonly record struct ETag(UInt128 Md5, int PartCount)
{
    public const int Md5Size = 16;

    private const int TextSize = 2 * Md5Size;

    /// <param name="md5">16 bytes.</param>
    /// <param name="partCount">0 for a single put or a part.</param>
    public static ETag Of(ReadOnlySpan<byte> md5, int partCount)
    {
        Check.Invariant(md5.Length == Md5Size);
        return new ETag(BinaryPrimitives.ReadUInt128BigEndian(md5), partCount);
    }

    /// <summary>Writes 16 bytes.</summary>
    public void WriteMd5(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Md5);

    /// <summary>Whether a client's text, without quotes, means this ETag.</summary>
    public bool Matches(string text) => string.Equals(text, ToString(), StringComparison.OrdinalIgnoreCase);

    /// <summary>32 hexadecimal digits, and -N for N parts.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[TextSize + 12];
        Span<byte> md5 = stackalloc byte[Md5Size];
        BinaryPrimitives.WriteUInt128BigEndian(md5, Md5);
        bool isHex = Convert.TryToHexStringLower(md5, text, out int length);
        Check.Invariant(isHex && length == TextSize);
        if (PartCount > 0)
        {
            text[length++] = '-';
            bool isCounted = PartCount.TryFormat(text[length..], out int digits, default, CultureInfo.InvariantCulture);
            Check.Invariant(isCounted);
            length += digits;
        }

        return new string(text[..length]);
    }
}
