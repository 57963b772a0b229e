using Microsoft.Win32.SafeHandles;

namespace Cairn.Drives.Os;

/// <summary>A folder held by what it is and not by where it is.</summary>
/// <remarks>
/// Purpose: a path can lead to another folder from one moment to the next (unmounted, renamed, swapped). What a drive
/// writes must go to the drive or nowhere. So all its paths go through an open directory, by way of /proc/self/fd.
/// </remarks>
internal sealed class PinnedFolder : IDisposable
{
    private readonly SafeFileHandle _handle;

    /// <exception cref="DriveIoException">There is no such folder, or it cannot be opened.</exception>
    public PinnedFolder(string path)
    {
        _handle = LinuxCalls.OpenDirectory(path);
        Path = string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"/proc/self/fd/{(int)_handle.DangerousGetHandle()}");
    }

    /// <summary>Leads to the folder until it is disposed.</summary>
    public string Path { get; }

    public void Dispose() => _handle.Dispose();
}
