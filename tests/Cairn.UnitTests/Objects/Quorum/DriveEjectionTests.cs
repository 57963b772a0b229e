using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects;
using Cairn.Objects.Commit;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;
using Cairn.UnitTests.Objects.Commit;
using Xunit;

namespace Cairn.UnitTests.Objects.Quorum;

/// <summary>
/// Method: a drive of four that hangs, or whose node is doubted, under a store that goes on writing and reading; what it
/// was asked shows whether it is avoided. Not tested here: figures, which are those of real processes.
/// </summary>
public sealed class DriveEjectionTests
{
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(150);

    [Fact]
    public void Five_observations_apart_set_a_drive_aside_and_one_answer_in_time_begins_anew() => RunAsync(async (store, ejection) =>
    {
        await NoteLateAsync(store, ejection, 4);
        ejection.NoteOnTime(isWrite: true);
        await NoteLateAsync(store, ejection, 4);
        Assert.False(ejection.IsAside);
        await NoteLateAsync(store, ejection, 1);
        Assert.True(ejection.IsAside);
        Assert.Equal(TimeSpan.FromSeconds(30), ejection.Rest);
    });

    // A frozen file system answers reads from memory.
    [Fact]
    public void Reads_in_time_do_not_excuse_late_writes() => RunAsync(async (store, ejection) =>
    {
        for (int observation = 0; observation < 5; observation++)
        {
            await NoteLateAsync(store, ejection, 1);
            ejection.NoteOnTime(isWrite: false);
        }

        Assert.True(ejection.IsAside);
    });

    [Fact]
    public void Many_late_calls_at_once_are_one_observation() => RunAsync((_, ejection) =>
    {
        for (int call = 0; call < 100; call++)
        {
            ejection.NoteLate(isWrite: true);
        }

        Assert.False(ejection.IsAside);
        return Task.CompletedTask;
    });

    [Fact]
    public void Relapse_doubles_the_pause_up_to_ten_minutes_and_good_conduct_is_forgiven() => RunAsync(async (store, ejection) =>
    {
        foreach (int seconds in (int[])[30, 60, 120, 240, 480, 600, 600])
        {
            await NoteLateAsync(store, ejection, 5);
            Assert.True(Math.Abs(ejection.Rest.TotalSeconds - seconds) < 1, $"{ejection.Rest} instead of {seconds} s");
            await store.DelayAsync(ejection.Rest);
            Assert.False(ejection.IsAside);
        }

        await store.DelayAsync(TimeSpan.FromMinutes(10));
        await NoteLateAsync(store, ejection, 5);
        Assert.True(ejection.Rest <= TimeSpan.FromSeconds(30));
    });

    [Fact]
    public void Drive_is_told_of_once_and_again_when_it_answers_in_time_what_it_was_late_with() => RunAsync(async (store, ejection) =>
    {
        List<bool> told = [];
        ejection.OutChanged = () => told.Add(ejection.IsOut);
        await NoteLateAsync(store, ejection, 5);
        ejection.NoteOnTime(isWrite: true); // Asked because the others were too few.
        await store.DelayAsync(ejection.Rest);
        await NoteLateAsync(store, ejection, 5);
        await store.DelayAsync(ejection.Rest);
        ejection.NoteOnTime(isWrite: false);
        Assert.Equal([true], told);
        ejection.NoteOnTime(isWrite: true);
        ejection.NoteOnTime(isWrite: true);
        Assert.Equal([true, false], told);
    });

    [Fact]
    public void Silent_drive_is_told_of_once_until_it_answers() => QuorumFixture.Run(4, async store =>
    {
        List<AsideReason> told = [];
        DriveTiming timing = new(store.Engine.Environment.Time, TimeSpan.FromSeconds(30)) { AsideChanged = told.Add };
        timing.End(DriveCall.Read, timing.Begin(), DriveFault.Timeout);
        timing.End(DriveCall.Read, timing.Begin(), DriveFault.Timeout);
        Assert.Equal(AsideReason.Silent, timing.AsideReason);
        await NoteLateAsync(store, timing.Ejection, 5);
        Assert.Equal([AsideReason.Silent], told);
        timing.End(DriveCall.Read, timing.Begin(), DriveFault.None);
        Assert.Equal([AsideReason.Silent], told);
        await store.DelayAsync(timing.Ejection.Rest);
        Assert.Equal(AsideReason.OnTrial, timing.AsideReason);
        timing.Ejection.NoteOnTime(isWrite: true);
        Assert.Equal([AsideReason.Silent, AsideReason.None], told);
        Assert.Equal(AsideReason.None, timing.AsideReason);
    }, seeds: 1);

    [Fact]
    public void Drive_that_hangs_is_no_longer_asked_within_a_second_and_named_in_the_journals() => QuorumFixture.Run(4, async store =>
    {
        Assert.True((await store.WriteAsync(QuorumFixture.Key("warm"), "x")).IsOk);
        store.Drives[1].Hang();
        for (int write = 0; write < 40; write++)
        {
            Assert.True((await store.WriteAsync(QuorumFixture.Key($"hung/{write}"), "x")).IsOk);
            await store.DelayAsync(TimeSpan.FromMilliseconds(25));
        }

        DriveId hung = store.Drives[1].Id;
        Assert.True(store.Engine.HandleOf(hung).Timing.Ejection.IsAside);
        int before = store.Drives[1].CallsOf("Accept");
        Assert.True((await store.WriteAsync(QuorumFixture.Key("after"), "x")).IsOk);
        Assert.Equal("x", await store.ReadTextAsync(QuorumFixture.Key("after")));
        Assert.Equal(before, store.Drives[1].CallsOf("Accept"));
        await store.SettleAsync();
        DriveResult<IReadOnlyList<MissedWrite>> missed = await store.Drives[0].ListMissedAsync(hung, null, 100, default);
        Assert.Contains(missed.Value, line => line.Key == QuorumFixture.Key("after"));
    });

    [Fact]
    public void Drives_that_are_all_slow_are_not_compared_with_anything() => QuorumFixture.Run(4, async store =>
    {
        foreach (FaultyDrive drive in store.Drives)
        {
            drive.Hang();
        }

        Task<ObjectResult<RegisterValue>> write = store.WriteAsync(QuorumFixture.Key("a"), "one").AsTask();
        await store.DelayAsync(TimeSpan.FromSeconds(3));
        Array.ForEach(store.Drives, drive => drive.Release());
        Assert.True((await write).IsOk);
        Assert.All(store.Engine.Drives, drive => Assert.False(drive.Timing.Ejection.IsAside));
    });

    [Fact]
    public void Doubted_drive_is_asked_only_when_another_one_fails() => QuorumFixture.Run(4, async store =>
    {
        var key = QuorumFixture.Key("a");
        store.Engine.HandleOf(store.Drives[2].Id).Timing.IsDoubted = true;
        Assert.True((await store.WriteAsync(key, "one")).IsOk);
        Assert.Equal(0, store.Drives[2].CallsOf("Accept"));

        // Three drives are a write quorum, and one of them refuses: now the doubted one decides, and nothing is refused.
        store.Drives[0].Refuse = operation => operation == "Accept" ? DriveFault.Io : DriveFault.None;
        Assert.True((await store.WriteAsync(key, "two")).IsOk);
        Assert.True(store.Drives[2].CallsOf("Accept") > 0);
        Assert.Equal("two", await store.ReadTextAsync(key));
    });

    [Fact]
    public void Doubt_about_too_many_drives_refuses_nothing() => QuorumFixture.Run(4, async store =>
    {
        foreach (DriveHandle drive in store.Engine.Drives)
        {
            drive.Timing.IsDoubted = true;
        }

        Assert.True((await store.WriteAsync(QuorumFixture.Key("a"), "one")).IsOk);
        Assert.Equal("one", await store.ReadTextAsync(QuorumFixture.Key("a")));
    });

    private static void RunAsync(Func<QuorumFixture, DriveEjection, Task> scenario) => QuorumFixture.Run(
        4, store => scenario(store, new DriveEjection(store.Engine.Environment.Time)), seeds: 1);

    private static async Task NoteLateAsync(QuorumFixture store, DriveEjection ejection, int observations)
    {
        for (int observation = 0; observation < observations; observation++)
        {
            await store.DelayAsync(Gap);
            ejection.NoteLate(isWrite: true);
        }
    }
}
