namespace Cairn.Testing.Simulation.Network;

/// <summary>What frames and packets suffer on their way from one host to another.</summary>
internal sealed record LinkQuality
{
    public static readonly LinkQuality Lan = new();

    /// <summary>The least time anything takes.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMicroseconds(50);

    /// <summary>
    /// Added to the delay, each time anew, from nothing up to this. Packets overtake each other; frames of one connection
    /// do not, those of two do.
    /// </summary>
    public TimeSpan Jitter { get; init; } = TimeSpan.FromMicroseconds(150);

    /// <summary>Chance that a packet is lost, or a frame delayed until it is sent again.</summary>
    public double Loss { get; init; }

    /// <summary>Chance that a packet arrives twice, the second time with a delay of its own.</summary>
    public double Duplication { get; init; }

    /// <summary>Chance of the long way: of a frame, what is behind it waits, as behind a segment that is sent again.</summary>
    public double Detour { get; init; }

    /// <summary>Added to the delay of what takes the long way, from nothing up to this.</summary>
    public TimeSpan DetourDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Chance of a frame to break its connection, for both ends, when it is sent.</summary>
    public double Break { get; init; }

    /// <summary>
    /// Frames of a connection are lost, repeated and overtaken each on their own, like packets: more than a real transport
    /// does to them, for tests of what the sessions above can stand.
    /// </summary>
    public bool IsDatagram { get; init; }
}
