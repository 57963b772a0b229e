namespace Cairn.Objects.Listing;

/// <summary>Limits of walking registers.</summary>
internal static class ListLimits
{
    /// <summary>Most entries to ask drives for at once; the drive contract takes no more.</summary>
    public const int MostEntries = 10_000;

    /// <summary>Entries to read at once when a walk wants everything: a page's worth.</summary>
    public const int WalkEntries = 1_000;
}
