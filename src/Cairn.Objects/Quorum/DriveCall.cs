namespace Cairn.Objects.Quorum;

/// <summary>Calls of one kind are comparable in time.</summary>
internal enum DriveCall
{
    Read,
    ReadShard,
    Write,
    List,
    Seal,
}
