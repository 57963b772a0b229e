using Cairn.Cluster.RemoteDrives;
using Cairn.Cluster.Transport;
using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;
using Cairn.Testing.Drives;
using Cairn.Testing.Links;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Network;
using Cairn.Testing.Simulation.Stores.Mutations;
using Xunit;

namespace Cairn.UnitTests.Cluster.RemoteDrives;

// A drive behind a simulated network, on virtual time: the network is cut, connections break, frames come twice and in
// any order, the drive hangs. What must hold is the contract of IDrive: a value for every fault, nothing done twice,
// nothing kept without bound, and the state known. Not covered: the bytes of the wire (ClusterPortTests).
public sealed class RemoteDriveFaultTests
{
    private static readonly NodeAddress Client = new("client", 1);

    [Fact]
    public void Broken_connection_answers_offline_at_once_and_comes_back() => Run(async scene =>
    {
        scene.Drive.IsHanging = true;
        Task<DriveResult<AcceptReply>> call = scene.AcceptAsync("k");
        await scene.World.DelayAsync(TimeSpan.FromMilliseconds(10));
        TimeSpan started = scene.World.Now;
        scene.Network.Disconnect(Client);
        Assert.Equal(DriveFault.Offline, (await call).Fault);
        Assert.True(scene.World.Now - started < TimeSpan.FromMilliseconds(1));
        Assert.Equal(DriveState.Offline, scene.Remote.State);
        Assert.Equal(DriveFault.Offline, (await scene.AcceptAsync("k")).Fault);
        scene.Drive.IsHanging = false;
        await scene.Fixture.WaitForStateAsync(DriveState.Online);
        Assert.True((await scene.AcceptAsync("k")).Value.IsAccepted);
    });

    [Fact]
    public void Cut_network_ends_calls_by_their_deadline_and_the_state_by_the_silence_limit() => Run(async scene =>
    {
        scene.Network.Faults.CutBoth(Client, LinkEnds.Address);
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(1), scene.World.Root.Time);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.AcceptAsync("k", deadline.Token));
        TimeSpan cut = scene.World.Now;
        await scene.Fixture.WaitForStateAsync(DriveState.Offline);
        Assert.InRange(scene.World.Now - cut, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(7));
        scene.Network.Faults.MendAll();
        TimeSpan healed = scene.World.Now;
        await scene.Fixture.WaitForStateAsync(DriveState.Online);
        Assert.True(scene.World.Now - healed < TimeSpan.FromSeconds(10));
    });

    [Fact]
    public void Network_cut_in_one_direction_is_noticed_as_well() => Run(async scene =>
    {
        scene.Network.Faults.Cut(LinkEnds.Address, Client);
        await scene.Fixture.WaitForStateAsync(DriveState.Offline);
        scene.Network.Faults.MendAll();
        await scene.Fixture.WaitForStateAsync(DriveState.Online);
    });

    [Fact]
    public void Idle_link_stays_connected() => Run(async scene =>
    {
        int changes = 0;
        scene.Fixture.Node.Link.Changed += _ => changes++;
        await scene.World.DelayAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(0, changes);
        Assert.Equal(DriveState.Online, scene.Remote.State);
    });

    [Fact]
    public void State_of_the_drive_is_told_without_a_call() => Run(async scene =>
    {
        foreach (DriveState state in (DriveState[])
            [DriveState.Poisoned, DriveState.Offline, DriveState.Recovering, DriveState.Online])
        {
            scene.Drive.Shown = state;
            TimeSpan changed = scene.World.Now;
            await scene.Fixture.WaitForStateAsync(state);
            Assert.True(scene.World.Now - changed < TimeSpan.FromMilliseconds(300));
        }
    });

    [Fact]
    public void State_of_the_drive_comes_with_the_next_answer() => Run(async scene =>
    {
        scene.Drive.Shown = DriveState.Poisoned;
        await scene.AcceptAsync("k");
        Assert.Equal(DriveState.Poisoned, scene.Remote.State);
    });

    [Fact]
    public void State_that_only_an_answer_told_of_does_not_stay()
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            Run(
                async scene =>
                {
                    scene.Drive.Shown = DriveState.Offline;
                    await scene.AcceptAsync("k");
                    Assert.Equal(DriveState.Offline, scene.Remote.State);
                    scene.Drive.Shown = DriveState.Online;
                    TimeSpan changed = scene.World.Now;
                    await scene.Fixture.WaitForStateAsync(DriveState.Online);
                    Assert.True(scene.World.Now - changed < TimeSpan.FromSeconds(1.3));
                },
                seed);
        }
    }

    [Fact]
    public void Request_that_comes_twice_is_done_once() => Run(async scene =>
    {
        scene.Network.Faults.Quality = new LinkQuality
        {
            IsDatagram = true,
            Duplication = 1,
            Jitter = TimeSpan.FromMilliseconds(50),
        };
        Task<DriveResult<AcceptReply>>[] calls = [.. Enumerable.Range(0, 50).Select(i => scene.AcceptAsync("k" + i))];
        Assert.All(await Task.WhenAll(calls), reply => Assert.True(reply.Value.IsAccepted));
        await scene.World.DelayAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(50, scene.Drive.Accepts);
    });

    [Fact]
    public void Request_that_comes_behind_its_cancellation_is_not_done()
    {
        int late = 0;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            Run(
                async scene =>
                {
                    scene.Network.Faults.Quality = new LinkQuality { IsDatagram = true, Jitter = TimeSpan.FromSeconds(1) };
                    using CancellationTokenSource cancellation = new();
                    Task<DriveResult<AcceptReply>> call = scene.AcceptAsync("k", cancellation.Token);
                    cancellation.Cancel();
                    await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
                    await scene.World.DelayAsync(TimeSpan.FromSeconds(3));
                    late += 1 - scene.Drive.Accepts;
                },
                seed);
        }

        // Chance decides which of the two comes first.
        Assert.InRange(late, 3, 17);
    }

    [Fact]
    public void Hanging_drive_takes_bounded_memory_and_leaves_room_for_others() => Run(async scene =>
    {
        scene.Drive.IsHanging = true;
        List<Task<DriveResult<AcceptReply>>> calls = [];
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(3), scene.World.Root.Time);
        for (int i = 0; i < 3000; i++)
        {
            calls.Add(scene.AcceptAsync("k" + i, deadline.Token));
        }

        await scene.World.DelayAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(3000 - 2048, calls.Count(call => call.IsCompletedSuccessfully && call.Result.Fault == DriveFault.Busy));
        Assert.True((await scene.Other.StatAsync(default)).IsOk);
        await scene.World.DelayAsync(TimeSpan.FromSeconds(3));
        Assert.All(calls, call => Assert.True(call.IsCompleted));
    });

    [Fact]
    public void Writer_of_a_hanging_drive_waits_with_a_window_of_bytes() => Run(async scene =>
    {
        await using IShardWriter writer = await Expect.Ok(
            scene.Remote.CreateShardAsync(scene.Fixture.NextData(), 0, default));
        scene.Drive.IsHanging = true;
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(2), scene.World.Root.Time);
        int taken = 0;
        byte[] piece = new byte[64 << 10];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (true)
            {
                await Expect.Ok(writer.WriteAsync(piece, deadline.Token));
                taken += piece.Length;
            }
        });
        Assert.Equal(1 << 20, taken);
        scene.Drive.IsHanging = false;
        Assert.Equal(DriveFault.Timeout, await writer.SealAsync(default));
    });

    [Fact]
    public void Shard_that_was_being_written_when_the_connection_broke_is_removed() => Run(async scene =>
    {
        DataId data = scene.Fixture.NextData();
        IShardWriter writer = await Expect.Ok(scene.Remote.CreateShardAsync(data, 0, default));
        await Expect.Ok(writer.WriteAsync(new byte[1000], default));
        scene.Network.Disconnect(Client);
        Assert.Equal(DriveFault.Offline, await writer.SealAsync(default));
        await writer.DisposeAsync();
        await scene.World.DelayAsync(TimeSpan.FromSeconds(1));
        await scene.Fixture.SealShardAsync(data, new byte[10]);
    });

    [Fact]
    public void Shard_whose_creation_was_cancelled_can_be_made_again()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            Run(
                async scene =>
                {
                    DataId data = scene.Fixture.NextData();
                    using CancellationTokenSource cancellation = new(
                        TimeSpan.FromMicroseconds(100 + (50 * (long)scene.World.Seed)), scene.World.Root.Time);
                    try
                    {
                        await (await Expect.Ok(scene.Remote.CreateShardAsync(data, 0, cancellation.Token))).DisposeAsync();
                    }
                    catch (OperationCanceledException)
                    {
                        // Somewhere on the way, by seed.
                    }

                    await scene.World.DelayAsync(TimeSpan.FromSeconds(1));
                    await scene.Fixture.SealShardAsync(data, new byte[10]);
                },
                seed);
        }
    }

    [Fact]
    public void Reader_ends_with_its_connection() => Run(async scene =>
    {
        DataId data = await scene.Fixture.SealShardAsync(DriveFixture.Bytes(300_000));
        await scene.Fixture.PutAsync(
            DriveFixture.Key("k"), DriveFixture.NullEntry(scene.Fixture.NextBallot(), "v", data));
        await using IShardReader reader = await Expect.Ok(scene.Remote.OpenShardAsync(data, default));
        Assert.Equal(300_000, await Expect.Ok(reader.ReadAsync(0, new byte[300_000], default)));
        scene.Network.Disconnect(Client);
        Assert.Equal(DriveFault.Offline, (await reader.ReadAsync(0, new byte[10], default)).Fault);
    });

    [Fact]
    public void Random_breaks_lose_nothing_that_was_answered()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            Run(
                async scene =>
                {
                    scene.Network.Faults.Quality = new LinkQuality { Break = 0.01, Jitter = TimeSpan.FromMilliseconds(5) };
                    List<string> accepted = [];
                    for (int i = 0; i < 300; i++)
                    {
                        string key = "k" + i;
                        DriveResult<AcceptReply> reply = await scene.AcceptAsync(key);
                        if (reply.IsOk && reply.Value.IsAccepted)
                        {
                            accepted.Add(key);
                        }
                        else
                        {
                            await scene.World.DelayAsync(TimeSpan.FromMilliseconds(50));
                        }
                    }

                    scene.Network.Faults.Quality = LinkQuality.Lan;
                    await scene.World.DelayAsync(TimeSpan.FromSeconds(10));
                    Assert.True(accepted.Count is > 100 and < 300);
                    foreach (string key in accepted)
                    {
                        Assert.Equal("v?", DriveFixture.Show(await scene.Fixture.ReadAsync(DriveFixture.Key(key))));
                    }
                },
                seed);
        }
    }

    private static void Run(Func<Scene, Task> scenario, ulong seed = 1)
    {
        World world = new(seed);
        world.Run(async () =>
        {
            SimNetwork network = new(world);
            TransportParts parts = LinkEnds.Parts(world.Root);
            SimDriveFixture inner = await SimDriveFixture.StartAsync(world);
            ObservedDrive drive = new(inner.Drive);
            ServedDrives served = new([drive, new OtherDrive(inner.Drive)]);
            NodeLink link = new(LinkEnds.Address, network.TransportOf(world.Root, Client), parts);
            await using RemoteDriveFixture fixture = await RemoteDriveFixture.StartAsync(
                inner, parts, network.Listen(LinkEnds.Address), link, parts, served);
            await scenario(new Scene(world, network, fixture, drive));
        });
    }

    private sealed record Scene(World World, SimNetwork Network, RemoteDriveFixture Fixture, ObservedDrive Drive)
    {
        public RemoteDrive Remote => (RemoteDrive)Fixture.Drive;

        public RemoteDrive Other => Fixture.Node.GetDrive(OtherDrive.OtherId);

        public Task<DriveResult<AcceptReply>> AcceptAsync(string key, CancellationToken token = default) =>
            Remote.AcceptAsync(
                new AcceptRequest(DriveFixture.Key(key), DriveFixture.NullEntry(Fixture.NextBallot(), "v")), token).AsTask();
    }

    private sealed class ObservedDrive(IDrive inner) : PassingDrive(inner)
    {
        private TaskCompletionSource? _hanging;

        public int Accepts { get; private set; }

        public DriveState? Shown { get; set; }

        public override DriveState State => Shown ?? base.State;

        public bool IsHanging
        {
            get => _hanging is not null;
            set
            {
                _hanging?.TrySetResult();
                _hanging = value ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
            }
        }

        public override async ValueTask<DriveResult<AcceptReply>> AcceptAsync(
            AcceptRequest request, CancellationToken cancellationToken)
        {
            Accepts++;
            await HangAsync(cancellationToken);
            return await base.AcceptAsync(request, cancellationToken);
        }

        public override async ValueTask<DriveResult<IShardWriter>> CreateShardAsync(
            DataId data, long sizeHint, CancellationToken cancellationToken)
        {
            DriveResult<IShardWriter> created = await base.CreateShardAsync(data, sizeHint, cancellationToken);
            return created.IsOk ? new HangingWriter(this, created.Value) : created;
        }

        public async Task HangAsync(CancellationToken cancellationToken)
        {
            if (_hanging is { } hanging)
            {
                TaskCompletionSource own = new(TaskCreationOptions.RunContinuationsAsynchronously);
                using CancellationTokenRegistration registration = cancellationToken.Register(() => own.TrySetCanceled());
                _ = EndAsync(hanging, own);
                await own.Task;
            }
        }

        private static async Task EndAsync(TaskCompletionSource hanging, TaskCompletionSource own)
        {
            await hanging.Task;
            own.TrySetResult();
        }
    }

    private sealed class HangingWriter(ObservedDrive drive, IShardWriter inner) : IShardWriter
    {
        public async ValueTask<DriveFault> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            await drive.HangAsync(cancellationToken);
            return await inner.WriteAsync(bytes, cancellationToken);
        }

        public ValueTask<DriveFault> SealAsync(CancellationToken cancellationToken) => inner.SealAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    // A second drive of the node, on the same disk: only its room is asked for.
    private sealed class OtherDrive(IDrive inner) : PassingDrive(inner), IDrive
    {
        public static DriveId OtherId { get; } = new(new Guid("99999999-2222-3333-4444-555555555555"));

        DriveId IDrive.Id => OtherId;
    }
}
