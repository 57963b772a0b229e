namespace Cairn.Drives.Index.RocksDb;

/// <summary>Where one index lies and what it shares with others.</summary>
public sealed record RocksDbSettings
{
    public required RocksDbEnvironment Environment { get; init; }

    /// <summary>Folder of the index.</summary>
    public required string Path { get; init; }

    /// <summary>Folder of its log when that is on a faster device; null: with the index.</summary>
    public string? WalDirectory { get; init; }

    /// <summary>Folder of RocksDB's own messages; null: with the index.</summary>
    public string? LogDirectory { get; init; }

    public RocksDbMode Mode { get; init; }
}
