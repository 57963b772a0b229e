using System.Numerics;
using Cairn.Primitives.Erasure;
using Xunit;

namespace Cairn.UnitTests.Primitives.Erasure;

// Method: the tables are compared with the schoolbook definition for all 65,536 pairs.
public sealed class GaloisFieldTests
{
    [Fact]
    public void Multiplication_is_that_of_polynomials_modulo_the_generator()
    {
        for (var left = 0; left < 256; left++)
        {
            for (var right = 0; right < 256; right++)
            {
                Assert.Equal(MultiplySlowly(left, right), GaloisField.Multiply((byte)left, (byte)right));
            }
        }
    }

    [Fact]
    public void Every_value_but_zero_has_an_inverse()
    {
        for (var value = 1; value < 256; value++)
        {
            Assert.Equal(1, GaloisField.Multiply((byte)value, GaloisField.Invert((byte)value)));
        }

        Assert.Throws<DivideByZeroException>(() => GaloisField.Invert(0));
    }

    [Fact]
    public void The_bit_matrix_of_a_factor_multiplies_by_it()
    {
        for (var factor = 0; factor < 256; factor++)
        {
            var matrix = GaloisField.MultiplicationMatrix((byte)factor);
            for (var value = 0; value < 256; value++)
            {
                var product = 0;
                for (var bit = 0; bit < 8; bit++)
                {
                    var row = (int)(matrix >> (8 * (7 - bit))) & 0xFF;
                    product |= (BitOperations.PopCount((uint)(row & value)) & 1) << bit;
                }

                Assert.Equal(GaloisField.Multiply((byte)factor, (byte)value), product);
            }
        }
    }

    private static int MultiplySlowly(int left, int right)
    {
        var product = 0;
        for (; right != 0; right >>= 1)
        {
            product ^= (right & 1) * left;
            left <<= 1;
            left ^= (left >> 8) * GaloisField.Polynomial;
        }

        return product;
    }
}
