using System.Security.Cryptography;
using Cairn.Primitives;

namespace Cairn.Server.Composition;

/// <summary>Chance from the operating system.</summary>
/// <remarks>
/// Purpose: each request draws a few small ids; fetching a stock per thread saves it a system call for each.
/// Concurrency: any thread. What was handed out is wiped from the stock.
/// </remarks>
internal sealed class SystemEntropy : IEntropy
{
    private const int StockBytes = 1024;

    [ThreadStatic]
    private static byte[]? t_stock;

    [ThreadStatic]
    private static int t_left;

    public void Fill(Span<byte> destination)
    {
        if (destination.Length > StockBytes / 4)
        {
            RandomNumberGenerator.Fill(destination);
            return;
        }

        t_stock ??= new byte[StockBytes];
        if (t_left < destination.Length)
        {
            RandomNumberGenerator.Fill(t_stock);
            t_left = StockBytes;
        }

        Span<byte> taken = t_stock.AsSpan(t_left - destination.Length, destination.Length);
        taken.CopyTo(destination);
        taken.Clear();
        t_left -= destination.Length;
    }
}
