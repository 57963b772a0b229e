using Cairn.Cluster.Transport;
using Cairn.Testing.Links;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Network;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Cairn.UnitTests.Cluster.Transport;

// The first frames of a connection, and what two releases of different age make of each other.
public sealed class HelloTests
{
    private static readonly NodeIdentity Sender = new("node1.example:9002", 0x0102030405060708, new ProtocolRange(1, 2));

    [Fact]
    public void Greetings_are_as_ever()
    {
        using Frame hello = new Hello(Sender, LinkLane.Bulk, 300).Encode();
        using Frame welcome = Hello.EncodeWelcome(Sender, 2);
        using Frame refusal = Hello.EncodeRefusal("Update node2.");
        foreach (Frame frame in (Frame[])[hello, welcome, refusal])
        {
            frame.Finish();
        }

        GoldenFile.Check("Cluster/Golden/greetings.v1", [.. hello.Bytes.Span, .. welcome.Bytes.Span, .. refusal.Bytes.Span]);
        Assert.Equal(new Hello(Sender, LinkLane.Bulk, 300), Hello.Decode(hello));
        Assert.Equal((Sender, (byte)2), Hello.DecodeWelcome(welcome));
        Assert.Equal("Update node2.", Hello.DecodeRefusal(refusal));
    }

    [Fact]
    public void What_a_newer_release_appends_to_a_hello_is_skipped()
    {
        using Frame hello = new Hello(Sender, LinkLane.Calls, 1).Encode();
        new MessageWriter(hello).Text("something new");
        Assert.Equal(new Hello(Sender, LinkLane.Calls, 1), Hello.Decode(hello));
    }

    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(1, 2, 1, 1, 1)]
    [InlineData(1, 2, 2, 3, 2)]
    [InlineData(2, 3, 1, 2, 2)]
    [InlineData(1, 2, 3, 4, null)]
    [InlineData(3, 4, 1, 2, null)]
    public void Two_releases_speak_the_newest_version_that_both_know(
        byte oldest, byte newest, byte otherOldest, byte otherNewest, int? version) =>
        Assert.Equal((byte?)version, new ProtocolRange(oldest, newest).Agree(new ProtocolRange(otherOldest, otherNewest)));

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(2, 3, true)]
    [InlineData(3, 4, false)]
    public void Release_that_is_too_new_is_refused_with_a_sentence_that_says_what_to_do(
        byte oldest, byte newest, bool isConnected)
    {
        World world = new(1);
        world.Run(async () =>
        {
            SimNetwork network = new(world);
            TransportParts server = LinkEnds.Parts(world.Root);
            RefusalLog refusals = new(server.Time, NullLogger.Instance);
            await using NodeServer node = new(server, network.Listen(LinkEnds.Address), [], refusals);
            node.Start();
            TransportParts client = server with
            {
                Identity = new NodeIdentity("newcomer", 1, new ProtocolRange(oldest, newest)),
            };
            await using NodeLink link = new(
                LinkEnds.Address, network.TransportOf(world.Root, new NodeAddress("newcomer", 1)), client);
            link.Start();
            await world.DelayAsync(TimeSpan.FromSeconds(1));
            Assert.Equal(isConnected, link.IsConnected);
            Assert.Equal(isConnected, refusals.Count == 0);
            if (!isConnected)
            {
                Assert.Equal(
                    "Node scenario speaks versions 1 to 2 of the messages between nodes, node newcomer versions 3 to 4. "
                    + "Update scenario to a newer release; nodes may be one version apart.",
                    link.Problem);
            }
        });
    }
}
