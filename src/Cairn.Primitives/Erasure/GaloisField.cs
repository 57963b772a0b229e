namespace Cairn.Primitives.Erasure;

/// <summary>Arithmetic in GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1.</summary>
/// <remarks>
/// Purpose: builds coding matrices and kernel tables, and is the reference that every kernel is checked against.
/// Invariants: 2 generates the multiplicative group, so every non-zero value is a power of it. The polynomial is part
/// of the on-disk format: parity written with another one cannot be read.
/// </remarks>
internal static class GaloisField
{
    public const int Polynomial = 0x11D;

    private const int GroupOrder = 255;

    // Twice the group, so that the sum of two logarithms needs no reduction.
    private static readonly byte[] Powers = ComputePowers();
    private static readonly byte[] Logarithms = ComputeLogarithms();

    public static byte Multiply(byte left, byte right) =>
        left == 0 || right == 0 ? (byte)0 : Powers[Logarithms[left] + Logarithms[right]];

    public static byte Invert(byte value) =>
        value == 0 ? throw new DivideByZeroException() : Powers[GroupOrder - Logarithms[value]];

    /// <summary>The 8x8 bit matrix of "multiply by <paramref name="factor"/>" in the layout of VGF2P8AFFINEQB.</summary>
    /// <remarks>Byte 7 - i of the result selects the input bits whose parity is output bit i.</remarks>
    public static ulong MultiplicationMatrix(byte factor)
    {
        ulong matrix = 0;
        for (var input = 0; input < 8; input++)
        {
            int column = Multiply(factor, (byte)(1 << input));
            for (var output = 0; output < 8; output++)
            {
                ulong bit = (ulong)(column >> output) & 1;
                matrix |= bit << (8 * (7 - output) + input);
            }
        }

        return matrix;
    }

    private static byte[] ComputePowers()
    {
        var powers = new byte[2 * GroupOrder];
        var value = 1;
        for (var exponent = 0; exponent < GroupOrder; exponent++)
        {
            powers[exponent] = powers[exponent + GroupOrder] = (byte)value;
            value <<= 1;
            if (value > byte.MaxValue)
            {
                value ^= Polynomial;
            }
        }

        return powers;
    }

    private static byte[] ComputeLogarithms()
    {
        var logarithms = new byte[256];
        for (var exponent = 0; exponent < GroupOrder; exponent++)
        {
            logarithms[Powers[exponent]] = (byte)exponent;
        }

        return logarithms;
    }
}
