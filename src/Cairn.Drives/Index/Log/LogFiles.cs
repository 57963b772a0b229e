using System.Globalization;
using Cairn.Drives.Os;
using Microsoft.Win32.SafeHandles;

namespace Cairn.Drives.Index.Log;

/// <summary>The files that a log consists of: one behind the other, by number.</summary>
internal sealed class LogFiles(string folder)
{
    private const string Prefix = "log-";

    /// <summary>Numbers of the files that are there, in order.</summary>
    /// <exception cref="DriveIoException">The folder cannot be read.</exception>
    public long[] List() => OsFault.Guard(() =>
    {
        List<long> numbers = [];
        foreach (string path in Directory.EnumerateFiles(folder, Prefix + "*"))
        {
            if (long.TryParse(
                Path.GetFileName(path.AsSpan())[Prefix.Length..], NumberStyles.AllowHexSpecifier, null, out long number))
            {
                numbers.Add(number);
            }
        }

        return numbers.Order().ToArray();
    });

    /// <summary>Makes a new file, durably.</summary>
    public SafeFileHandle Create(long number)
    {
        SafeFileHandle handle = OsFault.Guard(
            () => File.OpenHandle(PathOf(number), FileMode.CreateNew, FileAccess.Write, FileShare.Read));
        try
        {
            LinuxCalls.SyncDirectory(folder);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public SafeFileHandle Open(long number) => OsFault.Guard(() => File.OpenHandle(PathOf(number)));

    /// <summary>Removes a file, durably: one that came back later than its successors would bring old rows back.</summary>
    public void Delete(long number)
    {
        OsFault.Guard(() => File.Delete(PathOf(number)));
        LinuxCalls.SyncDirectory(folder);
    }

    private string PathOf(long number) => Path.Combine(folder, Prefix + number.ToString("x16", CultureInfo.InvariantCulture));
}
