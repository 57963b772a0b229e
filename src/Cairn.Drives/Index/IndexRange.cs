namespace Cairn.Drives.Index;

/// <summary>Keys of one family from Lower (inclusive) to Upper (exclusive).</summary>
public readonly record struct IndexRange(IndexFamily Family, ReadOnlyMemory<byte> Lower, ReadOnlyMemory<byte> Upper);
