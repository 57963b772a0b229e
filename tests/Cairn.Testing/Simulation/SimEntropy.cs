using Cairn.Primitives;

namespace Cairn.Testing.Simulation;

/// <summary>Chance for product code, from the seed.</summary>
internal sealed class SimEntropy(SimRandom random) : IEntropy
{
    public void Fill(Span<byte> destination) => random.Fill(destination);
}
