namespace Cairn.Primitives.Checksums.Folding;

/// <summary>The factors that move 128 bits of a message forward over a given number of bytes.</summary>
/// <remarks>
/// Purpose: 16 bytes L = Low x^64 + High, followed by n more bytes, are worth Low x^(8n+64) + High x^(8n); with both
/// powers reduced modulo the generator the two products fit into 128 bits again and are added to the 16 bytes that
/// stand n bytes further on.
/// Invariants: reflected 64-bit words, so x^d is bit 63 - d. The carry-less product of two reflected words comes out
/// multiplied by x (127 bits in a 128-bit register), so every factor is divided by x beforehand.
/// See: Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel 2009.
/// </remarks>
internal sealed class CrcFoldingFactors
{
    private const int LongestDistance = 4 * 64;

    private readonly (ulong Low, ulong High)[] _byDistance = new (ulong, ulong)[LongestDistance / CrcFolding.ResidueSize + 1];

    public CrcFoldingFactors(CrcPolynomial polynomial)
    {
        for (var index = 1; index < _byDistance.Length; index++)
        {
            var bits = (UInt128)(index * CrcFolding.ResidueSize * 8);
            var shift = 64 - polynomial.Width;
            _byDistance[index] = (polynomial.Power(bits + 63) << shift, polynomial.Power(bits - 1) << shift);
        }
    }

    /// <summary>The factors for <paramref name="distance"/> bytes, a multiple of 16 up to 256.</summary>
    public (ulong Low, ulong High) For(int distance) => _byDistance[distance / CrcFolding.ResidueSize];
}
