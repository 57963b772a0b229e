using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Cairn.Drives.Os;

/// <summary>System calls that the framework does not offer, or not with the needed meaning.</summary>
/// <remarks>The framework's flush ignores errors of some file systems and always writes the metadata too.</remarks>
internal static unsafe partial class LinuxCalls
{
    private const int ReadOnlyDirectory = 0x10000 | 0x80000;
    private const int Exclusive = 2;
    private const int NonBlocking = 4;
    private const int WithoutWaiting = 8;

    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const int NoSuchCall = 38;
    private const int NotSupported = 95;

    /// <summary>fdatasync: content, and the length with it.</summary>
    /// <exception cref="DriveIoException">What was written since the last sync may be lost.</exception>
    public static void SyncContent(SafeFileHandle handle)
    {
        bool isHeld = false;
        try
        {
            handle.DangerousAddRef(ref isHeld);
            if (FileDataSync((int)handle.DangerousGetHandle()) != 0)
            {
                throw OsFault.FromErrno(Marshal.GetLastSystemError(), "fdatasync");
            }
        }
        catch (ObjectDisposedException e)
        {
            throw new DriveIoException(DriveFault.Offline, "The file is closed.", e);
        }
        finally
        {
            if (isHeld)
            {
                handle.DangerousRelease();
            }
        }
    }

    /// <summary>fsync of a directory: the entries in it.</summary>
    /// <exception cref="DriveIoException">NotFound, or entries made since the last sync may be lost.</exception>
    public static void SyncDirectory(string path)
    {
        int descriptor;
        fixed (byte* name = Index.RocksDb.RocksDbOptions.Utf8Path(path))
        {
            descriptor = Open(name, ReadOnlyDirectory);
        }

        if (descriptor < 0)
        {
            throw OsFault.FromErrno(Marshal.GetLastSystemError(), "Opening directory " + path);
        }

        try
        {
            if (FileSync(descriptor) != 0)
            {
                throw OsFault.FromErrno(Marshal.GetLastSystemError(), "fsync of directory " + path);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <exception cref="DriveIoException">There is no such directory, or it cannot be opened.</exception>
    public static SafeFileHandle OpenDirectory(string path)
    {
        int descriptor;
        fixed (byte* name = Index.RocksDb.RocksDbOptions.Utf8Path(path))
        {
            descriptor = Open(name, ReadOnlyDirectory);
        }

        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw OsFault.FromErrno(Marshal.GetLastSystemError(), "opening the folder");
    }

    /// <summary>An advisory lock that ends with the process or with the handle, whichever comes first.</summary>
    /// <returns>False when another process, or another handle, has it.</returns>
    public static bool TryLock(SafeFileHandle handle) =>
        FileLock((int)handle.DangerousGetHandle(), Exclusive | NonBlocking) == 0;

    /// <summary>preadv2 with RWF_NOWAIT: what the page cache has, without waiting for the device.</summary>
    /// <returns>Bytes read, perhaps fewer than asked for; -1 when it would have to wait, or the file system cannot say.</returns>
    /// <exception cref="DriveIoException">The device failed; Offline when the file is closed.</exception>
    public static int ReadCached(SafeFileHandle handle, long offset, Span<byte> destination)
    {
        bool isHeld = false;
        try
        {
            handle.DangerousAddRef(ref isHeld);
            fixed (byte* start = destination)
            {
                IoVector vector = new(start, (nuint)destination.Length);
                nint read = ReadVector((int)handle.DangerousGetHandle(), &vector, 1, offset, WithoutWaiting);
                if (read >= 0)
                {
                    return (int)read;
                }
            }

            int error = Marshal.GetLastSystemError();
            return error is TryAgain or NotSupported or Interrupted or NoSuchCall
                ? -1
                : throw OsFault.FromErrno(error, "Reading from the page cache");
        }
        catch (ObjectDisposedException e)
        {
            throw OsFault.ToDriveException(e);
        }
        finally
        {
            if (isHeld)
            {
                handle.DangerousRelease();
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "preadv2")]
    private static partial nint ReadVector(int descriptor, IoVector* vectors, int count, long offset, int flags);

    private readonly struct IoVector(byte* start, nuint length)
    {
        public readonly byte* Start = start;
        public readonly nuint Length = length;
    }

    [LibraryImport("libc", EntryPoint = "fdatasync")]
    private static partial int FileDataSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int FileSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "open")]
    private static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "flock")]
    private static partial int FileLock(int descriptor, int operation);
}
