using Cairn.Cluster.Transport;
using Cairn.Testing.Links;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Network;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Cairn.UnitTests.Cluster.Transport;

// Connections of one lane of one process, by hand: once a newer one is welcome, nothing of an older one begins, however
// long it was under way; and an older one that comes late is turned away.
public sealed class FencingTests
{
    private static readonly NodeAddress Client = new("client", 1);

    [Fact]
    public void Request_of_an_older_connection_does_not_begin_once_a_newer_one_is_welcome()
    {
        int begun = 0;
        for (ulong seed = 1; seed <= 50; seed++)
        {
            Run(seed, async (network, service, connect) =>
            {
                IFrameConnection older = await connect(1);
                network.Faults.Quality = new LinkQuality { Jitter = TimeSpan.FromMilliseconds(600) };
                await older.SendAsync(Request(1), default);
                network.Faults.Quality = new LinkQuality { Jitter = TimeSpan.FromMilliseconds(100) };
                IFrameConnection newer = await connect(2);
                int before = service.Calls.Count;
                begun += before;
                await newer.SendAsync(Request(2), default);
                await network.World.DelayAsync(TimeSpan.FromSeconds(1));
                Assert.Equal(before + 1, service.Calls.Count);
                Assert.Equal(2UL, service.Calls[^1]);
            });
        }

        // Chance decides whether it is in time.
        Assert.InRange(begun, 5, 45);
    }

    [Fact]
    public void Older_connection_that_comes_late_is_turned_away() => Run(1, async (_, _, connect) =>
    {
        await connect(2);
        TransportException refused = await Assert.ThrowsAsync<TransportException>(() => connect(1));
        Assert.Contains("newer connection", refused.Message, StringComparison.Ordinal);
    });

    private static Frame Request(ulong call)
    {
        Frame request = Frame.To(9, 1);
        request.Address(FrameKind.Request, call);
        return request;
    }

    private static void Run(ulong seed, Func<SimNetwork, NotingService, Func<ulong, Task<IFrameConnection>>, Task> scenario)
    {
        World world = new(seed);
        world.Run(async () =>
        {
            SimNetwork network = new(world);
            TransportParts parts = LinkEnds.Parts(world.Root);
            NotingService service = new();
            await using NodeServer server = new(
                parts, network.Listen(LinkEnds.Address), [service], new RefusalLog(parts.Time, NullLogger.Instance));
            server.Start();
            INodeTransport transport = network.TransportOf(world.Root, Client);
            await scenario(network, service, async number =>
            {
                IFrameConnection connection = await transport.ConnectAsync(LinkEnds.Address, default);
                await connection.SendAsync(new Hello(parts.Identity, LinkLane.Calls, number).Encode(), default);
                using Frame answer = (await connection.ReceiveAsync(default))!;
                return answer.Kind == FrameKind.Welcome
                    ? connection
                    : throw new TransportException(TransportFault.Refused, Hello.DecodeRefusal(answer));
            });
        });
    }

    private sealed class NotingService : INodeService
    {
        public List<ulong> Calls { get; } = [];

        public byte Number => 9;

        public IServiceSession Open(IServicePeer peer) => new Session(this, ((ServedSession)peer).Number);

        private sealed class Session(NotingService service, ulong number) : IServiceSession
        {
            public ValueTask<CallReply> CallAsync(byte operation, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
            {
                service.Calls.Add(number);
                return ValueTask.FromResult(CallReply.Of(CallStatus.Unknown));
            }

            public void Receive(byte operation, ReadOnlyMemory<byte> message)
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
