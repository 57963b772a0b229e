namespace Cairn.SystemTests.Harness;

/// <summary>A small file system of its own on a folder, which can be made to hang.</summary>
/// <remarks>
/// Freezing a file system is the nearest to a device that answers no more: every write and flush of it waits in the
/// kernel. Needs root and loop devices. Failure: a process that waits in the kernel cannot even be killed, so the file
/// system thaws before anything else is disposed.
/// </remarks>
internal sealed class LoopDrive : IAsyncDisposable
{
    private const string Tools = "/usr/sbin";

    private readonly string _folder;
    private readonly ScratchFolder _scratch = new();
    private bool _isMounted;
    private bool _isFrozen;

    private LoopDrive(string folder) => _folder = folder;

    /// <summary>Mounts one on an empty folder; skips the test where that is not allowed.</summary>
    public static async Task<LoopDrive> MountAsync(string folder, long size)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/dev/loop-control"), "Needs root and loop devices.");
        LoopDrive drive = new(folder);
        string image = drive._scratch.Combine("image");
        await using (FileStream file = File.Create(image))
        {
            file.SetLength(size);
        }

        await drive.RunAsync($"{Tools}/mkfs.ext4", "-q", "-F", image);
        ProgramResult mounted = await drive.Program("/usr/bin/mount").RunAsync(["-o", "loop", image, folder]);
        drive._isMounted = mounted.ExitCode == 0;
        Assert.SkipUnless(drive._isMounted, $"A loop device cannot be mounted here: {mounted.Errors}");
        return drive;
    }

    public async Task FreezeAsync()
    {
        await RunAsync($"{Tools}/fsfreeze", "--freeze", _folder);
        _isFrozen = true;
    }

    public async Task ThawAsync()
    {
        if (_isFrozen)
        {
            _isFrozen = false;
            await RunAsync($"{Tools}/fsfreeze", "--unfreeze", _folder);
        }
    }

    /// <summary>Takes it off its folder; who has files of it open keeps them.</summary>
    public async ValueTask DisposeAsync()
    {
        await ThawAsync();
        if (_isMounted)
        {
            await RunAsync("/usr/bin/umount", "--lazy", _folder);
        }

        _scratch.Dispose();
    }

    private ForeignProgram Program(string path) => new(path, _scratch.Location, new Dictionary<string, string>());

    private async Task RunAsync(string path, params string[] arguments) => await Program(path).CallAsync(arguments);
}
