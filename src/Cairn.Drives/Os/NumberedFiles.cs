using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Cairn.Drives.Os;

/// <summary>Files of one kind in a folder: a prefix, and a number of 16 hexadecimal digits.</summary>
/// <remarks>Failure: every method throws a DriveIoException when the device fails.</remarks>
internal sealed class NumberedFiles(string folder, string prefix)
{
    /// <summary>Numbers of the files that are there, in order.</summary>
    public long[] List() => OsFault.Guard(() =>
    {
        List<long> numbers = [];
        foreach (string path in Directory.EnumerateFiles(folder, prefix + "*"))
        {
            if (long.TryParse(
                Path.GetFileName(path.AsSpan())[prefix.Length..], NumberStyles.AllowHexSpecifier, null, out long number))
            {
                numbers.Add(number);
            }
        }

        return numbers.Order().ToArray();
    });

    /// <summary>Makes a new file, durably.</summary>
    public SafeFileHandle Create(long number)
    {
        SafeFileHandle handle = Open(number, FileMode.CreateNew, FileAccess.ReadWrite);
        try
        {
            Sync();
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public SafeFileHandle Open(long number, FileAccess access) => Open(number, FileMode.Open, access);

    /// <summary>Removes a file; durable after <see cref="Sync"/>.</summary>
    public void Delete(long number) => OsFault.Guard(() => File.Delete(PathOf(number)));

    /// <summary>Makes durable what was removed.</summary>
    public void Sync() => LinuxCalls.SyncDirectory(folder);

    private SafeFileHandle Open(long number, FileMode mode, FileAccess access) => OsFault.Guard(
        () => File.OpenHandle(PathOf(number), mode, access, FileShare.ReadWrite | FileShare.Delete));

    private string PathOf(long number) => Path.Combine(folder, prefix + number.ToString("x16", CultureInfo.InvariantCulture));
}
