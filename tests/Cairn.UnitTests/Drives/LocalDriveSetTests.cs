using System.Text;
using Cairn.Drives;
using Cairn.Drives.Bays;
using Cairn.Drives.Format;
using Cairn.Drives.Os;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;
using Cairn.Testing.Drives;
using Xunit;

namespace Cairn.UnitTests.Drives;

// Opens sets of drives in temporary folders, changes the folders between and during openings as users do (swap, empty,
// replace, rename), and looks at what is refused, what recovers, and what the sentences say.
public sealed class LocalDriveSetTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly RegisterKey Key = RegisterKey.Of(RegisterSpace.Objects, new BucketId(1), "k"u8);

    [Fact]
    public async Task Fresh_folders_become_drives_and_keep_what_they_were_given()
    {
        using ScratchDrives scratch = new(3);
        DriveId[] ids;
        DeploymentId deployment;
        await using (LocalDriveSet drives = await scratch.OpenAsync())
        {
            Assert.True(drives.Plan.IsNew);
            Assert.All(drives.Bays, bay => Assert.Equal(DriveState.Online, bay.State));
            ids = [.. drives.Bays.Select(bay => bay.Id)];
            deployment = drives.Deployment;
            await PutAsync(drives.Bays[1], "kept", 1);
        }

        await using LocalDriveSet again = await scratch.OpenAsync();
        Assert.False(again.Plan.IsNew);
        Assert.Equal(deployment, again.Deployment);
        Assert.Equal(ids, again.Bays.Select(bay => bay.Id));
        Assert.Equal("kept", await GetAsync(again.Bays[1]));
        Assert.All(again.Bays, bay => Assert.Equal(DriveState.Online, bay.State));
    }

    [Fact]
    public async Task Drives_in_the_wrong_order_are_refused_with_their_right_places()
    {
        using ScratchDrives scratch = new(3);
        await (await scratch.OpenAsync()).DisposeAsync();
        (scratch.Paths[0], scratch.Paths[1]) = (scratch.Paths[1], scratch.Paths[0]);
        await using LocalDriveSet drives = await scratch.OpenAsync();
        Assert.Equal(DriveState.Offline, drives.Bays[0].State);
        Assert.Equal(DriveState.Offline, drives.Bays[1].State);
        Assert.Equal(DriveState.Online, drives.Bays[2].State);
        Assert.Contains("belongs in place 2, not in place 1", drives.Bays[0].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drive_of_another_deployment_is_refused()
    {
        using ScratchDrives scratch = new(3);
        using ScratchDrives other = new(1);
        await (await scratch.OpenAsync()).DisposeAsync();
        await (await other.OpenAsync()).DisposeAsync();
        scratch.Paths[2] = other.Paths[0];
        await using LocalDriveSet drives = await scratch.OpenAsync();
        Assert.Equal(DriveState.Online, drives.Bays[0].State);
        Assert.Equal(DriveState.Offline, drives.Bays[2].State);
        Assert.Contains("another deployment", drives.Bays[2].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Newer_format_is_refused_and_untouched()
    {
        using ScratchDrives scratch = new(2);
        await (await scratch.OpenAsync()).DisposeAsync();
        string file = Path.Combine(scratch.Paths[0], DriveFormat.FileName);
        string newer = (await File.ReadAllTextAsync(file, Token)).Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, newer, Token);
        await using LocalDriveSet drives = await scratch.OpenAsync();
        Assert.Equal(DriveState.Offline, drives.Bays[0].State);
        Assert.Contains("format 2", drives.Bays[0].Problem, StringComparison.Ordinal);
        Assert.Contains("newer", drives.Bays[0].Problem, StringComparison.Ordinal);
        Assert.Equal(newer, await File.ReadAllTextAsync(file, Token));
    }

    [Fact]
    public async Task Damaged_format_is_refused()
    {
        using ScratchDrives scratch = new(2);
        await (await scratch.OpenAsync()).DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(scratch.Paths[0], DriveFormat.FileName), "{ \"version\": ", Token);
        await using LocalDriveSet drives = await scratch.OpenAsync();
        Assert.Equal(DriveState.Offline, drives.Bays[0].State);
        Assert.Contains("damaged", drives.Bays[0].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_with_somebodys_files_is_refused_and_untouched()
    {
        using ScratchDrives scratch = new(2);
        Directory.CreateDirectory(scratch.Paths[0]);
        string precious = Path.Combine(scratch.Paths[0], "thesis.txt");
        await File.WriteAllTextAsync(precious, "years", Token);
        DriveIoException refused = await Assert.ThrowsAsync<DriveIoException>(scratch.OpenAsync);
        Assert.Contains("neither empty nor a drive", refused.Message, StringComparison.Ordinal);
        Assert.Equal([precious], Directory.GetFileSystemEntries(scratch.Paths[0]));
        Assert.False(Directory.Exists(scratch.Paths[1]));
    }

    [Fact]
    public async Task Other_number_of_drives_is_refused()
    {
        using ScratchDrives scratch = new(3);
        await (await scratch.OpenAsync()).DisposeAsync();
        DriveIoException refused = await Assert.ThrowsAsync<DriveIoException>(
            () => LocalDriveSet.OpenAsync(scratch.Paths[..2], scratch.Options));
        Assert.Contains("made of 3 drives and is started with 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_folder_takes_the_place_of_its_drive_and_recovers_until_told()
    {
        using ScratchDrives scratch = new(3);
        DriveId gone;
        await using (LocalDriveSet drives = await scratch.OpenAsync())
        {
            gone = drives.Bays[1].Id;
        }

        string old = scratch.Paths[1] + ".old";
        Directory.Move(scratch.Paths[1], old);
        Directory.CreateDirectory(scratch.Paths[1]);
        await using (LocalDriveSet drives = await scratch.OpenAsync())
        {
            Assert.Equal(gone, drives.Plan.Replaced[1]);
            Assert.NotEqual(gone, drives.Bays[1].Id);
            Assert.Equal(DriveState.Recovering, drives.Bays[1].State);
            RegisterView view = await Expect.Ok(drives.Bays[1].ReadAsync(Key, null, false, Token));
            Assert.False(view.IsVoting);
        }

        await using (LocalDriveSet drives = await scratch.OpenAsync())
        {
            Assert.Equal(DriveState.Recovering, drives.Bays[1].State);
            Assert.Equal(DriveFault.None, await drives.Bays[1].EndRecoveryAsync(Token));
            Assert.Equal(DriveState.Online, drives.Bays[1].State);
        }

        Directory.Delete(scratch.Paths[1], recursive: true);
        Directory.Move(old, scratch.Paths[1]);
        await using LocalDriveSet again = await scratch.OpenAsync();
        Assert.Equal(DriveState.Offline, again.Bays[1].State);
        Assert.Contains("replaced by another drive", again.Bays[1].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_folder_is_left_out_and_never_made()
    {
        using ScratchDrives scratch = new(3);
        await (await scratch.OpenAsync()).DisposeAsync();
        Directory.Delete(scratch.Paths[1], recursive: true);
        await using LocalDriveSet drives = await scratch.OpenAsync();
        Assert.Equal(DriveState.Offline, drives.Bays[1].State);
        Assert.False(Directory.Exists(scratch.Paths[1]));
    }

    [Fact]
    public async Task Formatting_that_did_not_end_goes_on_where_it_was()
    {
        using ScratchDrives scratch = new(3);
        DriveId[] ids;
        await using (LocalDriveSet drives = await scratch.OpenAsync())
        {
            ids = [.. drives.Bays.Select(bay => bay.Id)];
        }

        // As if the first start had died after two of three drives: epoch 0 there, a begun formatting here.
        foreach (string path in scratch.Paths[..2])
        {
            string file = Path.Combine(path, DriveFormat.FileName);
            string text = await File.ReadAllTextAsync(file, Token);
            await File.WriteAllTextAsync(file, text.Replace("\"epoch\": 1", "\"epoch\": 0", StringComparison.Ordinal), Token);
        }

        File.Delete(Path.Combine(scratch.Paths[2], DriveFormat.FileName));
        await File.WriteAllTextAsync(Path.Combine(scratch.Paths[2], DriveFormatter.MarkName), "", Token);
        await using LocalDriveSet again = await scratch.OpenAsync();
        Assert.Equal(ids, again.Bays.Select(bay => bay.Id));
        Assert.All(again.Bays, bay => Assert.Equal(DriveState.Online, bay.State));
    }

    [Fact]
    public async Task Lost_index_is_begun_anew_and_the_drive_recovers()
    {
        using ScratchDrives scratch = new(2);
        await (await scratch.OpenAsync()).DisposeAsync();
        Directory.Delete(Path.Combine(scratch.Paths[0], "index"), recursive: true);
        await using LocalDriveSet drives = await scratch.OpenAsync();
        DriveBay bay = drives.Bays[0];
        TaskCompletionSource renewed = new();
        bay.Changed += changed => _ = changed.State == DriveState.Recovering && renewed.TrySetResult();
        if (bay.State != DriveState.Recovering)
        {
            await renewed.Task.WaitAsync(Token);
        }

        Assert.False(bay.IsIndexDamaged);
        Assert.Null(bay.Problem);
        Assert.False((await Expect.Ok(bay.ReadAsync(Key, null, false, Token))).IsVoting);
    }

    [Fact]
    public async Task Lost_indexes_of_two_drives_are_left_to_people()
    {
        using ScratchDrives scratch = new(3);
        await (await scratch.OpenAsync()).DisposeAsync();
        foreach (string path in scratch.Paths[..2])
        {
            Directory.Delete(Path.Combine(path, "index"), recursive: true);
        }

        await using LocalDriveSet drives = await scratch.OpenAsync();
        foreach (DriveBay bay in drives.Bays.Take(2))
        {
            Assert.Equal(DriveState.Offline, bay.State);
            Assert.True(bay.IsIndexDamaged);
            Assert.Contains("empty its folder and restart the node", bay.Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Drive_in_use_is_not_opened_twice()
    {
        using ScratchDrives scratch = new(1);
        await using LocalDriveSet first = await scratch.OpenAsync();
        await using LocalDriveSet second = await scratch.OpenAsync();
        Assert.Equal(DriveState.Offline, second.Bays[0].State);
        Assert.Contains("in use by another process", second.Bays[0].Problem, StringComparison.Ordinal);
        Assert.Equal(DriveState.Online, first.Bays[0].State);
    }

    [Fact]
    public async Task Drive_renamed_away_while_running_goes_offline_and_comes_back()
    {
        using ScratchDrives scratch = new(2);
        await using LocalDriveSet drives = await scratch.OpenAsync();
        DriveBay bay = drives.Bays[0];
        await PutAsync(bay, "before", 1);
        Directory.Move(scratch.Paths[0], scratch.Paths[0] + ".away");
        await StateAsync(bay, DriveState.Offline);
        await Expect.Fault(DriveFault.Offline, bay.ReadAsync(Key, null, false, Token));
        Assert.Contains("gone", bay.Problem, StringComparison.Ordinal);
        Directory.Move(scratch.Paths[0] + ".away", scratch.Paths[0]);
        await StateAsync(bay, DriveState.Online);
        Assert.Equal("before", await GetAsync(bay));
        Assert.Null(bay.Problem);
        await PutAsync(bay, "after", 2);
        Assert.Equal("after", await GetAsync(bay));
    }

    [Fact]
    public async Task Drive_emptied_or_swapped_while_running_goes_offline_and_the_stranger_is_untouched()
    {
        using ScratchDrives scratch = new(2);
        await using LocalDriveSet drives = await scratch.OpenAsync();
        DriveBay bay = drives.Bays[0];
        Directory.Move(scratch.Paths[0], scratch.Paths[0] + ".away");
        Directory.CreateDirectory(scratch.Paths[0]);
        await StateAsync(bay, DriveState.Offline);
        await WaitAsync(() => bay.Problem?.Contains("it is empty", StringComparison.Ordinal) == true);
        Assert.All(
            Directory.GetFileSystemEntries(scratch.Paths[0]),
            entry => Assert.Contains(Path.GetFileName(entry), (string[])["lock", "opening"]));
        // Moved and not deleted: the bay looks into it at any time, and leaves its lock there.
        Directory.Move(scratch.Paths[0], scratch.Paths[0] + ".empty");
        Directory.Move(scratch.Paths[0] + ".away", scratch.Paths[0]);
        await StateAsync(bay, DriveState.Online);
    }

    [Fact]
    public async Task Log_in_a_folder_of_its_own_and_moved_later()
    {
        using ScratchDrives scratch = new(2);
        scratch.WalDirectory = Path.Combine(scratch.Root, "wal");
        await using (LocalDriveSet drives = await scratch.OpenAsync())
        {
            await PutAsync(drives.Bays[0], "one", 1);
            Assert.NotEmpty(Directory.GetFiles(scratch.WalDirectory, "log-*", SearchOption.AllDirectories));
            Assert.Empty(Directory.GetFiles(Path.Combine(scratch.Paths[0], "index"), "log-*"));
        }

        scratch.WalDirectory = null;
        await using (LocalDriveSet drives = await scratch.OpenAsync())
        {
            Assert.Equal("one", await GetAsync(drives.Bays[0]));
            await PutAsync(drives.Bays[0], "two", 2);
        }

        scratch.WalDirectory = Path.Combine(scratch.Root, "wal2");
        await using LocalDriveSet again = await scratch.OpenAsync();
        Assert.Equal(DriveState.Online, again.Bays[0].State);
        Assert.Equal("two", await GetAsync(again.Bays[0]));
    }

    [Fact]
    public async Task Missing_log_device_is_refused_and_an_emptied_one_makes_the_drive_recover()
    {
        using ScratchDrives scratch = new(2);
        scratch.WalDirectory = Path.Combine(scratch.Root, "wal");
        await (await scratch.OpenAsync()).DisposeAsync();
        Directory.Move(scratch.WalDirectory, scratch.WalDirectory + ".away");
        await using (LocalDriveSet drives = await scratch.OpenAsync())
        {
            Assert.Equal(DriveState.Offline, drives.Bays[0].State);
            Assert.Contains("--wal-dir", drives.Bays[0].Problem, StringComparison.Ordinal);
        }

        Directory.CreateDirectory(scratch.WalDirectory);
        await using LocalDriveSet again = await scratch.OpenAsync();
        Assert.Equal(DriveState.Recovering, again.Bays[0].State);
    }

    [Fact]
    public async Task Documents_are_replaced_as_a_whole_and_survive()
    {
        using ScratchDrives scratch = new(1);
        await using (LocalDriveSet drives = await scratch.OpenAsync())
        {
            LocalDrive drive = drives.Bays[0].Drive!;
            Assert.Null(await Expect.Ok(drive.ReadDocumentAsync("layout.json", Token)));
            Assert.Equal(DriveFault.None, await drive.WriteDocumentAsync("layout.json", "one"u8.ToArray(), Token));
            Assert.Equal(DriveFault.None, await drive.WriteDocumentAsync("layout.json", "two"u8.ToArray(), Token));
        }

        await using LocalDriveSet again = await scratch.OpenAsync();
        byte[]? content = await Expect.Ok(again.Bays[0].Drive!.ReadDocumentAsync("layout.json", Token));
        Assert.Equal("two", Encoding.UTF8.GetString(content!));
    }

    private static async Task PutAsync(DriveBay bay, string body, ulong clock)
    {
        RegisterEntry entry = DriveFixture.NullEntry(new Ballot(clock, 1), body);
        Assert.True((await Expect.Ok(bay.AcceptAsync(new AcceptRequest(Key, entry), Token))).IsAccepted);
    }

    private static async Task<string> GetAsync(DriveBay bay)
    {
        RegisterView view = await Expect.Ok(bay.ReadAsync(Key, null, false, Token));
        return Encoding.UTF8.GetString(view.Entries[0].Body.Span);
    }

    private static async Task StateAsync(DriveBay bay, DriveState state)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnChanged(DriveBay changed)
        {
            if (changed.State == state)
            {
                reached.TrySetResult();
            }
        }

        bay.Changed += OnChanged;
        if (bay.State != state)
        {
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        }

        bay.Changed -= OnChanged;
        Assert.Equal(state, bay.State);
    }

    // Problem texts change without an event of their own.
    private static async Task WaitAsync(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }
}
