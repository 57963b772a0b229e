namespace Cairn.Objects.Records;

/// <summary>Numbers are on disk: never renumber.</summary>
internal enum BucketState : byte
{
    Live = 1,

    /// <summary>Being deleted: reads go on, writes are refused by the drives, the outcome is still open.</summary>
    Deleting = 2,

    /// <summary>Found empty for good: it does not come back, but what lies around of it is still being dropped.</summary>
    Ending = 3,
}
