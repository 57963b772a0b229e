namespace Cairn.Primitives.Checksums.Folding;

/// <summary>Polynomials over GF(2) modulo the generator of one CRC, in reflected form.</summary>
/// <remarks>
/// Purpose: the arithmetic behind tables, folding constants and the combination of two checksums, so that no table of
/// magic numbers has to be trusted.
/// Invariants: a residue has <see cref="Width"/> bits; its highest bit is the coefficient of x^0 and its lowest that
/// of x^(Width-1), which is the bit order of reflected CRCs.
/// </remarks>
internal sealed class CrcPolynomial
{
    private const int LengthBits = 63;

    // x^(2^i): any power of x is a product of these.
    private readonly ulong[] _squares = new ulong[LengthBits + 3];

    public CrcPolynomial(int width, ulong reflected)
    {
        Width = width;
        Reflected = reflected;
        _squares[0] = One >> 1;
        for (var index = 1; index < _squares.Length; index++)
        {
            _squares[index] = Multiply(_squares[index - 1], _squares[index - 1]);
        }
    }

    public int Width { get; }

    public ulong Reflected { get; }

    private ulong One => 1UL << (Width - 1);

    public ulong TimesX(ulong residue) => (residue >> 1) ^ ((residue & 1) * Reflected);

    public ulong Multiply(ulong left, ulong right)
    {
        ulong product = 0;
        for (var bit = One; bit != 0; bit >>= 1)
        {
            if ((left & bit) != 0)
            {
                product ^= right;
            }

            right = TimesX(right);
        }

        return product;
    }

    /// <summary>x^<paramref name="exponent"/> modulo the generator.</summary>
    public ulong Power(UInt128 exponent)
    {
        var power = One;
        for (var index = 0; exponent != 0; index++, exponent >>= 1)
        {
            if ((exponent & 1) != 0)
            {
                power = Multiply(power, _squares[index]);
            }
        }

        return power;
    }
}
