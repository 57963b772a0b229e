using System.Security.Cryptography;
using Cairn.Primitives;

namespace Cairn.FunctionalTests.Hosting;

/// <summary>Chance from the operating system, as in production.</summary>
internal sealed class SystemEntropy : IEntropy
{
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
