using Microsoft.Win32.SafeHandles;

namespace Cairn.Drives.Os;

/// <summary>Reads of files that go on until they are done: the system may give less than was asked for.</summary>
internal static class FileReading
{
    /// <returns>Bytes read: fewer than asked for only at the end of the file.</returns>
    /// <exception cref="IOException">The device failed.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public static int Fill(SafeFileHandle file, long offset, Span<byte> destination)
    {
        int filled = 0;
        int read;
        while (filled < destination.Length
            && (read = RandomAccess.Read(file, destination[filled..], offset + filled)) != 0)
        {
            filled += read;
        }

        return filled;
    }
}
