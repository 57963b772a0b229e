using Microsoft.Win32.SafeHandles;

namespace Cairn.Drives.Os;

/// <summary>Keeps a drive for one process, and tells whether a path leads to the drive that was locked.</summary>
/// <remarks>
/// Purpose: beside the lock lies a token that is new with every opening; who reads it through another path, or through
/// the same path later, learns whether that is the same folder. It is a file of its own because the framework takes a
/// shared lock on every file it opens, which the lock itself would refuse.
/// Concurrency: advisory; the lock ends with the process.
/// </remarks>
internal sealed class DriveLock : IDisposable
{
    public const string FileName = "lock";
    public const string TokenName = "opening";

    private const int WouldBlock = 11;

    private readonly SafeFileHandle _handle;
    private readonly byte[] _token;

    private DriveLock(SafeFileHandle handle, byte[] token)
    {
        _handle = handle;
        _token = token;
    }

    /// <exception cref="DriveIoException">Another process has it, or the device failed.</exception>
    public static DriveLock Take(string folder, byte[] token) => OsFault.Guard(() =>
    {
        SafeFileHandle handle = Open(Path.Combine(folder, FileName));
        if (!LinuxCalls.TryLock(handle))
        {
            handle.Dispose();
            throw InUse();
        }

        File.WriteAllBytes(Path.Combine(folder, TokenName), token);
        return new DriveLock(handle, token);
    });

    /// <summary>Keeps others from opening the drive while it is read; leaves no trace.</summary>
    /// <exception cref="DriveIoException">Another process has it.</exception>
    public static IDisposable TakeForReading(string folder) => OsFault.Guard<IDisposable>(() =>
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (IOException e) when ((e.HResult & 0xffff) == WouldBlock)
        {
            throw new DriveIoException(
                DriveFault.Busy, $"The drive at {folder} is in use by another process; stop that one first.");
        }
    });

    /// <summary>Whether the folder that the path leads to now is the one that was locked.</summary>
    public bool IsAt(string folder)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, TokenName)).AsSpan().SequenceEqual(_token);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose() => _handle.Dispose();

    private static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(
                path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException e) when ((e.HResult & 0xffff) == WouldBlock)
        {
            throw InUse();
        }
    }

    private static DriveIoException InUse() => new(
        DriveFault.Busy, "it is in use by another process; stop that one first, or use other drives");
}
