namespace Cairn.Primitives.Erasure;

/// <summary>Products of a coefficient with all low nibbles, then with all high nibbles: a byte's product is the XOR
/// of two 16-entry lookups, which is what byte shuffles do for a whole register.</summary>
/// <remarks>See: Plank, Greenan, Miller, "Screaming Fast Galois Field Arithmetic Using Intel SIMD", FAST 2013.</remarks>
internal static class NibbleTables
{
    public const int HalfSize = 16;
    public const int Size = 2 * HalfSize;

    public static void Write(byte coefficient, Span<byte> table)
    {
        for (var nibble = 0; nibble < HalfSize; nibble++)
        {
            table[nibble] = GaloisField.Multiply(coefficient, (byte)nibble);
            table[HalfSize + nibble] = GaloisField.Multiply(coefficient, (byte)(nibble << 4));
        }
    }
}
