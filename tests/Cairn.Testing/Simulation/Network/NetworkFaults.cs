namespace Cairn.Testing.Simulation.Network;

/// <summary>How a simulated network treats frames.</summary>
internal sealed record NetworkFaults
{
    /// <summary>Frames take about no time, and all arrive.</summary>
    public static NetworkFaults None { get; } = new();

    public TimeSpan MinDelay { get; init; } = TimeSpan.FromMicroseconds(50);

    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMicroseconds(200);

    /// <summary>
    /// Frames of a connection arrive in any order, each on its own. Otherwise as over TCP: in order, and when one is lost,
    /// so is everything behind it.
    /// </summary>
    public bool IsDatagram { get; init; }

    /// <summary>Chance of a frame to be lost.</summary>
    public double Drop { get; init; }

    /// <summary>Chance of a frame to arrive twice; datagrams only.</summary>
    public double Duplicate { get; init; }

    /// <summary>Chance of a frame to break its connection, for both ends, when it is sent.</summary>
    public double Break { get; init; }
}
