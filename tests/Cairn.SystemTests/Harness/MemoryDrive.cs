namespace Cairn.SystemTests.Harness;

/// <summary>A small file system in memory on a folder, which can be filled up by somebody else. Needs root.</summary>
internal sealed class MemoryDrive : IAsyncDisposable
{
    private readonly string _folder;
    private readonly ScratchFolder _scratch = new();
    private bool _isMounted;

    private MemoryDrive(string folder) => _folder = folder;

    private string Ballast => Path.Combine(_folder, "ballast");

    public long UsedBytes
    {
        get
        {
            var drive = new DriveInfo(_folder);
            return drive.TotalSize - drive.AvailableFreeSpace;
        }
    }

    /// <summary>Mounts one on an empty folder; skips the test where that is not allowed.</summary>
    public static async Task<MemoryDrive> MountAsync(string folder, int mebibytes)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Needs root, to mount.");
        MemoryDrive drive = new(folder);
        ProgramResult mounted = await drive.Program("/usr/bin/mount").RunAsync(
            ["-t", "tmpfs", "-o", $"size={mebibytes}m", "cairn-tests", folder]);
        drive._isMounted = mounted.ExitCode == 0;
        Assert.SkipUnless(drive._isMounted, $"A file system in memory cannot be mounted here: {mounted.Errors}");
        return drive;
    }

    /// <summary>Leaves no room on it.</summary>
    public void Fill()
    {
        using FileStream ballast = File.Create(Ballast);
        byte[] block = new byte[1 << 20];
        try
        {
            while (true)
            {
                ballast.Write(block);
                ballast.Flush();
            }
        }
        catch (IOException)
        {
            // No space left on the device: that is what was wanted.
            return;
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Empty() => File.Delete(Ballast);

    /// <summary>Takes it off its folder; who has files of it open keeps them.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isMounted)
        {
            _isMounted = false;
            await Program("/usr/bin/umount").CallAsync("--lazy", _folder);
        }

        _scratch.Dispose();
    }

    private ForeignProgram Program(string path) => new(path, _scratch.Location, new Dictionary<string, string>());
}
