using Cairn.Cluster.RemoteDrives;
using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;
using Cairn.Testing.Drives;
using Cairn.Testing.Simulation;
using Xunit;

namespace Cairn.UnitTests.Cluster.RemoteDrives;

// Many commits at one moment, on virtual time, with a sender that notes what goes into a call and answers as the case
// wants. Not covered: the call itself (CommitCallTests).
public sealed class CommitGatheringTests
{
    [Fact]
    public void Commits_of_one_moment_go_in_one_call_and_each_gets_its_own_answer() => Run(async calls =>
    {
        CommitGathering gathering = calls.Gather();
        Task<DriveFault>[] commits = [.. Enumerable.Range(0, 12).Select(i => gathering.CommitAsync(Commit(i), default).AsTask())];
        DriveFault[] faults = await Task.WhenAll(commits);
        Assert.Equal([12], calls.Sizes);
        Assert.Equal([.. Enumerable.Range(0, 12).Select(i => (DriveFault)i)], faults);
        Assert.Equal(DriveFault.None, await gathering.CommitAsync(Commit(0), default));
        Assert.Equal([12, 1], calls.Sizes);
    });

    [Fact]
    public void Call_takes_no_more_than_its_limit() => Run(async calls =>
    {
        CommitGathering gathering = calls.Gather();
        await Task.WhenAll(Enumerable.Range(0, (2 * CommitGathering.MaxCommits) + 3)
            .Select(_ => gathering.CommitAsync(Commit(0), default).AsTask()));
        Assert.Equal([CommitGathering.MaxCommits, CommitGathering.MaxCommits, 3], calls.Sizes);
    });

    [Fact]
    public void Nobody_waits_for_the_answer_of_an_earlier_call() => Run(async calls =>
    {
        calls.Held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        CommitGathering gathering = calls.Gather();
        Task<DriveFault> first = gathering.CommitAsync(Commit(0), default).AsTask();
        await calls.World.DelayAsync(TimeSpan.FromMilliseconds(1));
        Task<DriveFault> second = gathering.CommitAsync(Commit(0), default).AsTask();
        await calls.World.DelayAsync(TimeSpan.FromMilliseconds(1));
        Assert.Equal([1, 1], calls.Sizes);
        calls.Held.SetResult();
        await first;
        await second;
    });

    [Fact]
    public void Who_gives_up_gives_up_only_what_is_his() => Run(async calls =>
    {
        calls.Held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenSource cancellation = new();
        CommitGathering gathering = calls.Gather();
        Task<DriveFault> mine = gathering.CommitAsync(Commit(0), cancellation.Token).AsTask();
        Task<DriveFault> theirs = gathering.CommitAsync(Commit(0), default).AsTask();
        await calls.World.DelayAsync(TimeSpan.FromMilliseconds(1));
        await cancellation.CancelAsync();
        calls.Held.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => mine);
        Assert.Equal(DriveFault.None, await theirs);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => gathering.CommitAsync(Commit(0), cancellation.Token).AsTask());
        Assert.Equal([1, 1], calls.Sizes);
    });

    [Fact]
    public void Fault_of_the_call_is_the_answer_to_all() => Run(async calls =>
    {
        calls.Fault = DriveFault.Offline;
        CommitGathering gathering = calls.Gather();
        DriveFault[] faults = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(i => gathering.CommitAsync(Commit(i), default).AsTask()));
        Assert.All(faults, fault => Assert.Equal(DriveFault.Offline, fault));
    });

    [Fact]
    public void Defect_in_the_call_reaches_all_who_wait() => Run(async calls =>
    {
        calls.Defect = new InvalidOperationException("a defect");
        CommitGathering gathering = calls.Gather();
        foreach (Task<DriveFault> commit in (Task<DriveFault>[])
            [.. Enumerable.Range(0, 3).Select(i => gathering.CommitAsync(Commit(i), default).AsTask())])
        {
            Assert.Same(calls.Defect, await Assert.ThrowsAsync<InvalidOperationException>(() => commit));
        }
    });

    // The fault it is to be answered with is the number of drives that missed it.
    private static CommitRequest Commit(int fault) => new(
        DriveFixture.Key("k"), VersionId.Null, new Ballot(1, 1), [.. Enumerable.Repeat(default(DriveId), fault)]);

    private static void Run(Func<Calls, Task> scenario)
    {
        World world = new(1);
        world.Run(() => scenario(new Calls(world)));
    }

    private sealed class Calls(World world)
    {
        public World World => world;

        public List<int> Sizes { get; } = [];

        public TaskCompletionSource? Held { get; set; }

        public DriveFault Fault { get; set; }

        public Exception? Defect { get; set; }

        public CommitGathering Gather() => new(SendAsync);

        private async ValueTask<DriveResult<DriveFault[]>> SendAsync(
            IReadOnlyList<CommitRequest> requests, CancellationToken cancellationToken)
        {
            Sizes.Add(requests.Count);
            await (Held?.Task ?? Task.CompletedTask);
            cancellationToken.ThrowIfCancellationRequested();
            return Defect is not null ? throw Defect
                : Fault != DriveFault.None ? Fault
                : (DriveFault[])[.. requests.Select(request => (DriveFault)request.Missed.Count)];
        }
    }
}
