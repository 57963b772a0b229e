using Cairn.Drives.Os;
using Microsoft.Win32.SafeHandles;

namespace Cairn.Drives.Index.Packs;

/// <summary>One file of values. Appended by one writer, read by anybody.</summary>
internal sealed class Pack(long number, SafeFileHandle file, long length, long live) : IDisposable
{
    public long Number => number;

    /// <summary>Bytes that belong to it. Behind them may be what a crash kept from becoming part of it.</summary>
    public long Length { get; private set; } = length;

    /// <summary>Bytes of values that rows point to, at most: a row that was replaced is still counted.</summary>
    public long Live { get; set; } = live;

    /// <summary>Nothing points into it any more; it is about to go.</summary>
    public bool IsEmptied { get; set; }

    /// <summary>It cannot be walked to its end, so it stays.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>Less than half of it is of use, and that half can be moved.</summary>
    public bool IsMostlyDead => !IsEmptied && !IsDamaged && Live * 2 < Length;

    /// <summary>Appends parts in one call. Not durable.</summary>
    /// <exception cref="DriveIoException">What is behind <see cref="Length"/> is unknown, which does no harm.</exception>
    public void Append(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        OsFault.Guard(() => RandomAccess.Write(file, parts, Length));
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            Length += part.Length;
        }
    }

    public void Sync() => LinuxCalls.SyncContent(file);

    /// <returns>Bytes read: fewer than asked for at the end of the file.</returns>
    /// <exception cref="DriveIoException">Offline when it is closed, or the device failed.</exception>
    public int Read(long offset, Span<byte> destination)
    {
        try
        {
            return FileReading.Fill(file, offset, destination);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw OsFault.ToDriveException(e);
        }
    }

    /// <summary>Reads what the page cache has.</summary>
    /// <returns>False when not all of it is there, or nobody can say.</returns>
    /// <exception cref="DriveIoException">Offline when it is closed, or the device failed.</exception>
    public bool TryReadCached(long offset, Span<byte> destination) =>
        LinuxCalls.ReadCached(file, offset, destination) == destination.Length;

    public void Dispose() => file.Dispose();
}
