using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Cairn.UnitTests.Drives;

/// <summary>What the kernel keeps of files in memory.</summary>
internal static partial class PageCache
{
    private const int DontNeed = 4;

    /// <summary>The next reading of the file goes to the device, unless its file system is in memory.</summary>
    public static void Forget(SafeFileHandle file)
    {
        RandomAccess.FlushToDisk(file);
        int error = Advise(file, 0, 0, DontNeed);
        if (error != 0)
        {
            throw new Win32Exception(error);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
