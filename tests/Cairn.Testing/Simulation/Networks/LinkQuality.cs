namespace Cairn.Testing.Simulation.Networks;

/// <summary>What a packet suffers on its way from one address to another.</summary>
internal sealed record LinkQuality
{
    public static readonly LinkQuality Lan = new();

    /// <summary>The least time a packet takes.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMicroseconds(100);

    /// <summary>Added to the delay, each time anew, from nothing up to this; packets overtake each other.</summary>
    public TimeSpan Jitter { get; init; } = TimeSpan.FromMicroseconds(200);

    /// <summary>Chance that a packet is lost.</summary>
    public double Loss { get; init; }

    /// <summary>Chance that a packet arrives twice, the second time with a delay of its own.</summary>
    public double Duplication { get; init; }

    /// <summary>Chance that a packet takes the long way.</summary>
    public double Detour { get; init; }

    /// <summary>Added to the delay of a packet that takes the long way, from nothing up to this.</summary>
    public TimeSpan DetourDelay { get; init; } = TimeSpan.FromSeconds(2);
}
