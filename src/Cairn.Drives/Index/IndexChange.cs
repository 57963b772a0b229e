namespace Cairn.Drives.Index;

/// <summary>One key set or removed.</summary>
public readonly record struct IndexChange(
    IndexFamily Family, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, bool IsDelete);
