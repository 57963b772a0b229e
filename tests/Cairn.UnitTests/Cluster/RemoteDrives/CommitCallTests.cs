using Cairn.Cluster.RemoteDrives;
using Cairn.Cluster.RemoteDrives.Messages;
using Cairn.Cluster.Transport;
using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;
using Cairn.Testing.Drives;
using Cairn.Testing.Links;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Network;
using Cairn.Testing.Simulation.Stores.Mutations;
using Xunit;

namespace Cairn.UnitTests.Cluster.RemoteDrives;

// Commits of one moment to a drive behind a simulated network, to a node of this release and to one of the release
// before; the connection breaks and the caller gives up while they are under way.
public sealed class CommitCallTests
{
    private const int Commits = 20;

    private static readonly NodeAddress Client = new("client", 1);

    [Theory]
    [InlineData(1, Commits, 0)]
    [InlineData(2, 0, 1)]
    public void All_are_done_in_calls_that_the_other_node_knows(byte version, int alone, int together) => Run(version, async scene =>
    {
        RegisterEntry[] entries = await scene.AcceptAllAsync();
        scene.Sent.Clear();
        DriveFault[] faults = await Task.WhenAll(entries.Select((entry, i) => scene.CommitAsync(i, entry.Ballot, default)));
        Assert.All(faults, fault => Assert.Equal(DriveFault.None, fault));
        Assert.Equal(alone, scene.Sent.Count(kind => kind == DriveCallKind.Commit));
        Assert.Equal(together, scene.Sent.Count(kind => kind == DriveCallKind.Commits));
        for (int i = 0; i < Commits; i++)
        {
            Assert.Equal("v", DriveFixture.Show(await scene.Fixture.ReadAsync(Key(i))));
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Each_is_answered_for_itself(byte version) => Run(version, async scene =>
    {
        scene.Drive.FaultOf = key => key == Key(3) ? DriveFault.Corrupt : key == Key(7) ? DriveFault.Busy : DriveFault.None;
        RegisterEntry[] entries = await scene.AcceptAllAsync();
        DriveFault[] faults = await Task.WhenAll(entries.Select((entry, i) => scene.CommitAsync(i, entry.Ballot, default)));
        Assert.Equal(
            [.. Enumerable.Range(0, Commits).Select(i => i == 3 ? DriveFault.Corrupt : i == 7 ? DriveFault.Busy : DriveFault.None)],
            faults);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Connection_that_breaks_answers_all_offline_at_once(byte version) => Run(version, async scene =>
    {
        RegisterEntry[] entries = await scene.AcceptAllAsync();
        scene.Drive.Held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<DriveFault>[] commits = [.. entries.Select((entry, i) => scene.CommitAsync(i, entry.Ballot, default))];
        await scene.World.DelayAsync(TimeSpan.FromMilliseconds(10));
        scene.Network.Disconnect(Client);
        TimeSpan broken = scene.World.Now;
        Assert.All(await Task.WhenAll(commits), fault => Assert.Equal(DriveFault.Offline, fault));
        Assert.True(scene.World.Now - broken < TimeSpan.FromMilliseconds(1));
        scene.Drive.Held.SetResult();
        await scene.Fixture.WaitForStateAsync(DriveState.Online);
        Assert.Equal(DriveFault.None, await scene.CommitAsync(0, entries[0].Ballot, default));
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Caller_that_gives_up_frees_the_drive_of_the_whole_call(byte version) => Run(version, async scene =>
    {
        RegisterEntry[] entries = await scene.AcceptAllAsync();
        scene.Drive.Held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenSource cancellation = new();
        Task<DriveFault>[] commits = [.. entries.Select((entry, i) => scene.CommitAsync(i, entry.Ballot, cancellation.Token))];
        await scene.World.DelayAsync(TimeSpan.FromMilliseconds(10));
        Assert.Equal(Commits, scene.Drive.UnderWay);
        cancellation.Cancel();
        foreach (Task<DriveFault> commit in commits)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit);
        }

        await scene.World.DelayAsync(TimeSpan.FromMilliseconds(10));
        Assert.Equal(0, scene.Drive.UnderWay);
    });

    private static RegisterKey Key(int i) => DriveFixture.Key("k" + i);

    private static void Run(byte version, Func<Scene, Task> scenario)
    {
        World world = new(version);
        world.Run(async () =>
        {
            SimNetwork network = new(world);
            TransportParts parts = LinkEnds.Parts(world.Root);
            TransportParts server = parts with
            {
                Identity = new NodeIdentity("server", 1, new ProtocolRange(1, version)),
            };
            SimDriveFixture inner = await SimDriveFixture.StartAsync(world);
            ObservedDrive drive = new(inner.Drive);
            List<DriveCallKind> sent = [];
            ObservedTransport transport = new(network.TransportOf(world.Root, Client), frame =>
            {
                if (frame.Kind == FrameKind.Request)
                {
                    sent.Add((DriveCallKind)frame.Operation);
                }
            });
            await using RemoteDriveFixture fixture = await RemoteDriveFixture.StartAsync(
                inner,
                server,
                network.Listen(LinkEnds.Address),
                new NodeLink(LinkEnds.Address, transport, parts),
                parts,
                new ServedDrives([drive]));
            await scenario(new Scene(world, network, fixture, drive, sent));
        });
    }

    private sealed record Scene(
        World World, SimNetwork Network, RemoteDriveFixture Fixture, ObservedDrive Drive, List<DriveCallKind> Sent)
    {
        public async Task<RegisterEntry[]> AcceptAllAsync()
        {
            RegisterEntry[] entries = [.. Enumerable.Range(0, Commits).Select(
                _ => DriveFixture.NullEntry(Fixture.NextBallot(), "v"))];
            for (int i = 0; i < Commits; i++)
            {
                await Expect.Ok(Fixture.Drive.AcceptAsync(new AcceptRequest(Key(i), entries[i]), default));
            }

            return entries;
        }

        public Task<DriveFault> CommitAsync(int i, Ballot ballot, CancellationToken token) =>
            Fixture.Drive.CommitAsync(new CommitRequest(Key(i), VersionId.Null, ballot, []), token).AsTask();
    }

    private sealed class ObservedDrive(IDrive inner) : PassingDrive(inner)
    {
        public Func<RegisterKey, DriveFault> FaultOf { get; set; } = static _ => DriveFault.None;

        public TaskCompletionSource? Held { get; set; }

        public int UnderWay { get; private set; }

        public override async ValueTask<DriveFault> CommitAsync(CommitRequest request, CancellationToken cancellationToken)
        {
            UnderWay++;
            try
            {
                await HoldAsync(cancellationToken);
                DriveFault fault = FaultOf(request.Key);
                return fault == DriveFault.None ? await base.CommitAsync(request, cancellationToken) : fault;
            }
            finally
            {
                UnderWay--;
            }
        }

        private async Task HoldAsync(CancellationToken cancellationToken)
        {
            if (Held is { } held)
            {
                TaskCompletionSource own = new(TaskCreationOptions.RunContinuationsAsynchronously);
                await using CancellationTokenRegistration registration = cancellationToken.Register(() => own.TrySetCanceled());
                _ = EndAsync(held, own);
                await own.Task;
            }
        }

        private static async Task EndAsync(TaskCompletionSource held, TaskCompletionSource own)
        {
            await held.Task;
            own.TrySetResult();
        }
    }
}
