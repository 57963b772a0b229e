namespace Cairn.Drives.Index;

/// <summary>Walks keys upwards over one consistent view. One thread at a time.</summary>
/// <remarks>Key and Value are valid until the next move or disposal. Before the first MoveNext or Seek there is no position.</remarks>
public interface IIndexCursor : IDisposable
{
    ReadOnlySpan<byte> Key { get; }

    ReadOnlySpan<byte> Value { get; }

    /// <summary>Goes to the first key, or the next one; false at the end.</summary>
    /// <exception cref="Os.DriveIoException">The device failed, or a block fails its checksum.</exception>
    bool MoveNext();

    /// <summary>Goes to the first key at or above; false when there is none below the upper bound.</summary>
    bool Seek(ReadOnlySpan<byte> key);
}
