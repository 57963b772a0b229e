using Cairn.Cluster.Transport;
using Cairn.Drives;
using Cairn.Testing.Drives;
using Cairn.Testing.Links;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Network;
using Xunit;

namespace Cairn.UnitTests.Cluster.RemoteDrives;

// A node that has gone mad sends requests of every number to a real drive: good ones with a byte changed, and chance. Each
// must be answered as done, refused or unreadable; none as a defect of this node, which goes on serving. Not covered: what
// a well-formed request of such a node does to the drive.
public sealed class RequestFuzzTests
{
    private const byte LastOperation = 26;

    // RustFS GHSA-gw2x (a node's bytes ended the process) and -pq29 (they named files outside the drive).
    [Fact]
    public void GHSA_gw2x_any_request_is_answered_and_none_is_a_defect()
    {
        Dictionary<CallStatus, int> answers = [];
        for (ulong seed = 1; seed <= 5; seed++)
        {
            World world = new(seed);
            world.Run(async () =>
            {
                SimNetwork network = new(world);
                TransportParts parts = LinkEnds.Parts(world.Root);
                NodeLink link = new(LinkEnds.Address, network.TransportOf(world.Root, new NodeAddress("client", 1)), parts);
                await using RemoteDriveFixture fixture = await RemoteDriveFixture.StartAsync(
                    await SimDriveFixture.StartAsync(world), parts, network.Listen(LinkEnds.Address), link, parts);
                for (int i = 0; i < 2_000; i++)
                {
                    Frame request = Request(fixture.Drive, world.Random);
                    using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(1), world.Root.Time);
                    try
                    {
                        using CallReply reply = await link.CallAsync(request, deadline.Token);
                        answers[reply.Status] = answers.GetValueOrDefault(reply.Status) + 1;
                    }
                    catch (OperationCanceledException)
                    {
                        // A chunk of a shard that waits for those before it.
                    }
                }

                Assert.True((await fixture.Drive.StatAsync(default)).IsOk);
            });
        }

        // Busy, by chance: a handle that is in use already.
        Assert.Equal(
            [CallStatus.Ok, CallStatus.Malformed, CallStatus.Unknown],
            answers.Keys.Where(status => status != CallStatus.Busy).Order());
        Assert.True(answers[CallStatus.Ok] > 500 && answers[CallStatus.Malformed] > 500);
    }

    private static Frame Request(IDrive drive, SimRandom random)
    {
        Frame frame = Frame.To(ServiceNumbers.Drives, (byte)random.Next(LastOperation + 1));
        MessageWriter writer = new(frame);
        if (random.Chance(0.95))
        {
            writer.Uuid(drive.Id.Value);
        }

        byte[] bytes;
        if (random.Chance(0.5))
        {
            string name = random.Pick(MessageSamples.Names.ToArray());
            frame.Dispose();
            frame = Frame.To(ServiceNumbers.Drives, OperationOf(name, random));
            writer = new MessageWriter(frame);
            writer.Uuid(drive.Id.Value);
            bytes = MessageSamples.Write(name, random);
            if (bytes.Length > 0 && random.Chance(0.7))
            {
                bytes[random.Next(bytes.Length)] ^= (byte)random.Next(256);
            }
        }
        else
        {
            bytes = new byte[random.Next(60)];
            random.Fill(bytes);
        }

        writer.Raw(bytes);
        return frame;
    }

    private static byte OperationOf(string name, SimRandom random) => name switch
    {
        "accept" => 1,
        "prepare" => 2,
        "commit" => 3,
        "commits" => 26,
        "forget" => 4,
        "read" => 5,
        "list" => 6,
        "restore-inline" => 14,
        "set-bucket-gate" => 16,
        "list-missed" => 17,
        "missed" => 18,
        _ => (byte)random.Next(LastOperation + 1),
    };
}
