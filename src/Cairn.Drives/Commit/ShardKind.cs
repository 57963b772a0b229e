namespace Cairn.Drives.Commit;

/// <summary>Where this drive keeps a shard.</summary>
internal enum ShardKind
{
    None,
    Inline,
    File,
}
