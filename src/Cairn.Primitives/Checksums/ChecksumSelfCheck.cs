using Cairn.Primitives.Checksums.Folding;

namespace Cairn.Primitives.Checksums;

/// <summary>Compares CRC kernels with the definition, bit by bit, on messages that reach all of their loops.</summary>
internal static class ChecksumSelfCheck
{
    public static void Run(params ReadOnlySpan<CrcAlgorithm> algorithms)
    {
        var message = new byte[1500];
        for (var at = 0; at < message.Length; at++)
        {
            message[at] = (byte)(at * at * 13 + at);
        }

        foreach (var algorithm in algorithms)
        {
            foreach (var size in (ReadOnlySpan<int>)[7, 100, 333, 1500])
            {
                var source = message.AsSpan(0, size);
                var isRight = algorithm.Update(ulong.MaxValue >> (64 - algorithm.Polynomial.Width), source)
                    == UpdateBitwise(algorithm.Polynomial, source);
                KernelSelfCheck.Require(isRight, $"CRC-{algorithm.Polynomial.Width}", algorithm.KernelName);
            }
        }
    }

    private static ulong UpdateBitwise(CrcPolynomial polynomial, ReadOnlySpan<byte> source)
    {
        var state = ulong.MaxValue >> (64 - polynomial.Width);
        foreach (var value in source)
        {
            state ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                state = polynomial.TimesX(state);
            }
        }

        return state;
    }
}
