using Cairn.Cluster.Transport;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;
using Cairn.Testing.Drives;
using Cairn.Testing.Links;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Network;
using Xunit;

namespace Cairn.UnitTests.Cluster.RemoteDrives;

// The frames of the calls that no codec of their own writes, as a drive's user sends and gets them, call by call.
public sealed class ShardWireTests
{
    [Fact]
    public void Frames_of_shards_are_as_ever()
    {
        List<byte> wire = [];
        World world = new(1);
        world.Run(async () =>
        {
            SimNetwork network = new(world);
            TransportParts parts = LinkEnds.Parts(world.Root);
            ObservedTransport transport = new(
                network.TransportOf(world.Root, new NodeAddress("client", 1)),
                frame => Record(frame, wire),
                frame => RecordAnswer(frame, wire));
            await using RemoteDriveFixture fixture = await RemoteDriveFixture.StartAsync(
                await SimDriveFixture.StartAsync(world),
                parts,
                network.Listen(LinkEnds.Address),
                new NodeLink(LinkEnds.Address, transport, parts),
                parts);
            await UseAsync(fixture);
        });
        GoldenFile.Check("Cluster/Golden/shards.v1", [.. wire]);
    }

    private static async Task UseAsync(RemoteDriveFixture drive)
    {
        DataId data = await drive.SealShardAsync(DriveFixture.Bytes(40));
        await drive.PutAsync(DriveFixture.Key("k"), DriveFixture.NullEntry(drive.NextBallot(), "v", data));
        await drive.ReadShardAsync(data);
        await (await Expect.Ok(drive.Drive.HoldShardsAsync([data, new DataId(1, 2)], default))).DisposeAsync();
        await using (IShardWriter writer = await Expect.Ok(drive.Drive.CreateShardAsync(drive.NextData(), 7, default)))
        {
            await Expect.Ok(writer.WriteAsync(DriveFixture.Bytes(3), default));
        }

        await drive.ExpectNoShardAsync(drive.NextData());
        await Expect.Ok(drive.Drive.DropShardAsync(data, default));
        await Expect.Ok(drive.Drive.EndRecoveryAsync(default));
    }

    // Calls and their answers only: greetings and states hold chance and time.
    private static void Record(Frame frame, List<byte> wire)
    {
        if (frame.Kind is FrameKind.Request or FrameKind.Response or FrameKind.Message)
        {
            frame.Finish();
            wire.AddRange(frame.Bytes.Span);
        }
    }

    private static void RecordAnswer(Frame frame, List<byte> wire)
    {
        if (frame.Kind == FrameKind.Response)
        {
            Record(frame, wire);
        }
    }
}
