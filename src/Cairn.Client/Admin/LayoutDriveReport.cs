namespace Cairn.Client.Admin;

/// <summary>A drive as the layout has it.</summary>
public sealed record LayoutDriveReport
{
    public required string Id { get; init; }

    public required string Node { get; init; }

    /// <summary>What fails together with it; null when not told.</summary>
    public string? Zone { get; init; }

    /// <summary>Its share relative to others.</summary>
    public required int Weight { get; init; }

    /// <summary>active, leaving (it is being drained), or left.</summary>
    public required string Duty { get; init; }

    /// <summary>Shards of partitions that it holds.</summary>
    public required int Holds { get; init; }

    /// <summary>How many it is to hold when all has moved.</summary>
    public required int WillHold { get; init; }

    /// <summary>Its fair share by weight, as far as the spread over nodes and zones allows; of plans only.</summary>
    public int? Fair { get; init; }
}
