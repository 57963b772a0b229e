using System.Runtime.InteropServices;

namespace Cairn.Server.Lifecycle;

/// <summary>Loads the native libraries that a delivered build brings along.</summary>
/// <remarks>
/// Purpose: a machine without RocksDB and OpenSSL runs the delivered folder as it is. The dynamic linker resolves a
/// name by the libraries that are already loaded before it searches the system, so loading the folder's own copies
/// first is enough; no library has to be patched and no environment to be set.
/// Concurrency: before anything else, on the first thread.
/// </remarks>
internal static class NativeLibraries
{
    private const string FolderName = "native";

    /// <summary>Loads everything in the folder beside the executable; does nothing in a development build.</summary>
    /// <exception cref="DllNotFoundException">A library of the folder cannot be loaded; the message is the linker's.</exception>
    public static void Load()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, FolderName);
        if (!Directory.Exists(folder))
        {
            return;
        }

        // A library loads once those it needs are there: each round loads at least one, or none ever will.
        List<string> waiting = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)];
        while (waiting.Count > 0)
        {
            if (waiting.RemoveAll(path => NativeLibrary.TryLoad(path, out _)) == 0)
            {
                NativeLibrary.Load(waiting[0]);
            }
        }
    }
}
