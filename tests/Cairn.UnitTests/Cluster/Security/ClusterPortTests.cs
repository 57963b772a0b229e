using System.Net.Sockets;
using Cairn.Cluster.RemoteDrives;
using Cairn.Cluster.Security;
using Cairn.Cluster.Transport;
using Cairn.Cluster.Transport.Sockets;
using Cairn.Testing.Links;
using Xunit;

namespace Cairn.UnitTests.Cluster.Security;

// The cluster port of a node on real sockets, and what somebody sends who is no node: raw bytes, conversations that were
// recorded and are played again, and good connections with a fault in the middle (ByteProxy). Each must be refused and
// counted, and a good node must get in afterwards. Not covered: what a node of the cluster can do that has gone bad.
public sealed class ClusterPortTests
{
    private static readonly ClusterSecurity Good = ClusterSecurity.WithSecret(TcpEnds.Secret);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[]> Garbage => new()
    {
        { "web request", "GET / HTTP/1.1\r\nHost: somewhere.example\r\nAccept: everything/and-more\r\n\r\n"u8.ToArray() },
        { "TLS", [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, .. new byte[60]] },
        { "zeros", new byte[100] },
        { "ones", [.. Enumerable.Repeat((byte)0xff, 5000)] },
        { "the right magic, then garbage", [.. "cairn-cs"u8, 1, .. Enumerable.Repeat((byte)7, 200)] },
        { "a handshake of a version to come", [.. "cairn-cs"u8, 9, .. new byte[71]] },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Garbage_is_refused_and_counted(string what, byte[] bytes)
    {
        await using TcpEnds node = TcpEnds.Start(Good, new ServedDrives([]));
        Assert.NotEmpty(what);
        await SendAndWaitForEndAsync(node, bytes);
        await WaitForRefusalsAsync(node, 1);
        await ExpectGoodNodeGetsInAsync(node);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(47)]
    public async Task Handshake_cut_short_is_refused_and_counted(int length)
    {
        await using TcpEnds node = TcpEnds.Start(Good, new ServedDrives([]));
        byte[] greeting = [.. "cairn-cs"u8, 1, .. new byte[39]];
        using (TcpClient client = await KnockAsync(node))
        {
            await client.GetStream().WriteAsync(greeting.AsMemory(0, length), Token);
        }

        await WaitForRefusalsAsync(node, 1);
        await ExpectGoodNodeGetsInAsync(node);
    }

    [Fact]
    public async Task Slow_handshake_is_ended_in_time()
    {
        await using TcpEnds node = TcpEnds.Start(
            Good, new ServedDrives([]), new TcpOptions { HandshakeTimeout = TimeSpan.FromMilliseconds(300) });
        using TcpClient client = await KnockAsync(node);
        await client.GetStream().WriteAsync("cairn-cs"u8.ToArray(), Token);
        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], Token));
        await WaitForRefusalsAsync(node, 1);
        Assert.Equal(1, node.Refusals.CountOf(TransportFault.Slow));
    }

    [Fact]
    public async Task Silent_connections_take_only_their_places_and_leave_them()
    {
        TcpOptions options = new() { HandshakeTimeout = TimeSpan.FromMilliseconds(500), MaxHandshakesPerPeer = 4 };
        await using TcpEnds node = TcpEnds.Start(Good, new ServedDrives([]), options);
        List<TcpClient> crowd = [];
        for (int i = 0; i < 50; i++)
        {
            crowd.Add(await KnockAsync(node));
        }

        await WaitForRefusalsAsync(node, 50);
        Assert.Equal(46, node.Refusals.CountOf(TransportFault.Refused));
        Assert.Equal(4, node.Refusals.CountOf(TransportFault.Slow));
        await ExpectGoodNodeGetsInAsync(node);
        crowd.ForEach(client => client.Dispose());
    }

    // RustFS took a constant for a proof.
    [Fact]
    public async Task CVE_2025_68926_node_with_another_secret_gets_nothing()
    {
        await using TcpEnds node = TcpEnds.Start(Good, new ServedDrives([]));
        TcpTransport other = new(ClusterSecurity.WithSecret("another secret 0123456789"), new TcpOptions());
        TransportException refused = await Assert.ThrowsAsync<TransportException>(
            async () => await other.ConnectAsync(node.Address, Token));
        Assert.Equal(TransportFault.Unauthenticated, refused.Fault);
        Assert.Contains("same cluster secret", refused.Message, StringComparison.Ordinal);
        await WaitForRefusalsAsync(node, 1);
        Assert.Equal(1, node.Refusals.CountOf(TransportFault.Unauthenticated));
        await ExpectGoodNodeGetsInAsync(node);
    }

    // RustFS: what proved one request could be sent again for another.
    [Fact]
    public async Task GHSA_c667_recorded_conversation_played_again_gets_nothing()
    {
        await using TcpEnds node = TcpEnds.Start(Good, new ServedDrives([]));
        await using ByteProxy proxy = ByteProxy.Start(node.Address);
        await using (NodeLink link = new(proxy.Address, new TcpTransport(Good, new TcpOptions()), LinkEnds.Parts("client")))
        {
            link.Start();
            await link.WaitConnectedAsync(Token);
        }

        byte[] recorded = proxy.Recorded();
        Assert.True(recorded.Length > 100);
        long before = node.Refusals.Count;
        await SendAndWaitForEndAsync(node, recorded, answerLimit: 48);
        await WaitForRefusalsAsync(node, before + 1);
        Assert.Equal(1, node.Refusals.CountOf(TransportFault.Unauthenticated));
    }

    [Fact]
    public async Task Frame_that_is_altered_on_the_way_ends_the_connection()
    {
        await using TcpEnds node = TcpEnds.Start(Good, new ServedDrives([]));
        await using ByteProxy proxy = ByteProxy.Start(node.Address);

        // Behind the handshake (48 and 32 bytes), in the first frame.
        proxy.FlipByteAt = 100;
        IFrameConnection connection = await new TcpTransport(Good, new TcpOptions()).ConnectAsync(proxy.Address, Token);
        await connection.SendAsync(Filled(200), Token);
        Assert.Null(await connection.ReceiveAsync(Token));
        await WaitForRefusalsAsync(node, 1);
        Assert.Equal(1, node.Refusals.CountOf(TransportFault.Malformed));
        await ExpectGoodNodeGetsInAsync(node);
    }

    [Fact]
    public async Task Frames_repeated_left_out_or_moved_do_not_open()
    {
        using FrameSeal seal = new(new byte[32]);
        byte[] one = Sealed(seal);
        byte[] two = Sealed(seal);
        Assert.Equal(2, await CountOpenedAsync([.. one, .. two]));
        Assert.Equal(1, await CountOpenedAsync([.. one, .. one]));
        Assert.Equal(0, await CountOpenedAsync(two));
        Assert.Equal(0, await CountOpenedAsync([.. two, .. one]));
        for (int at = 0; at < one.Length; at++)
        {
            byte[] altered = [.. one];
            altered[at] ^= 1;
            Assert.Equal(0, await CountOpenedAsync(altered));
        }
    }

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData((16u << 20) + 1)]
    public async Task Oversized_frame_is_refused(uint length)
    {
        await using TcpEnds node = TcpEnds.Start(Good, new ServedDrives([]));
        using TcpClient client = await KnockAsync(node);
        SecuredStream secured = await Good.ConnectAsync(client.GetStream(), node.Address, Token);
        byte[] header = new byte[Frame.HeaderSize];
        BitConverter.TryWriteBytes(header, length);
        await secured.Stream.WriteAsync(header, Token);
        Assert.Equal(0, await secured.Stream.ReadAsync(new byte[1], Token));
        await WaitForRefusalsAsync(node, 1);
        Assert.Equal(1, node.Refusals.CountOf(TransportFault.Malformed));
    }

    [Fact]
    public void No_memory_is_taken_for_a_frame_that_is_too_long()
    {
        StreamConnection connection = new(
            new SecuredStream(new MemoryStream([0xff, 0xff, 0xff, 0xff, .. new byte[100]]), null, null), "test", 1 << 20);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ValueTask<Frame?> received = connection.ReceiveAsync(Token);
        Assert.True(received.IsFaulted);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 300_000);
    }

    [Fact]
    public async Task Node_that_proves_itself_and_sends_nonsense_is_refused()
    {
        await using TcpEnds node = TcpEnds.Start(Good, new ServedDrives([]));
        foreach (FrameKind kind in Enum.GetValues<FrameKind>())
        {
            IFrameConnection connection = await new TcpTransport(Good, new TcpOptions()).ConnectAsync(node.Address, Token);
            Frame frame = Filled(300);
            frame.Address(kind, 1);
            await connection.SendAsync(frame, Token);

            // As a hello, all zeros are one of a node that speaks version 0 only: that gets an answer before the end.
            using Frame? answer = await connection.ReceiveAsync(Token);
            Assert.True(answer is null || (kind == FrameKind.Hello && answer.Kind == FrameKind.Refusal));
            Assert.True(answer is null || await connection.ReceiveAsync(Token) is null);
        }

        await WaitForRefusalsAsync(node, Enum.GetValues<FrameKind>().Length);
        await ExpectGoodNodeGetsInAsync(node);
    }

    [Fact]
    public async Task Refusals_are_logged_once_per_peer_and_period()
    {
        CountingLogger logger = new();
        await using TcpEnds node = TcpEnds.Start(Good, new ServedDrives([]), logger: logger);
        for (int i = 0; i < 10; i++)
        {
            await SendAndWaitForEndAsync(node, new byte[100]);
        }

        await WaitForRefusalsAsync(node, 10);
        Assert.Equal(1, logger.Count);
    }

    [Fact]
    public void Nothing_starts_without_proof()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(
            () => ClusterSecurity.From(null, "", TimeProvider.System, new CountingLogger()));
        Assert.Contains("cluster secret", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ClusterSecurity.WithSecret("short"));
    }

    private static Frame Filled(int size)
    {
        Frame frame = Frame.To(1, 1, size);
        new MessageWriter(frame).Raw(new byte[size]);
        return frame;
    }

    private static async Task<TcpClient> KnockAsync(TcpEnds node)
    {
        TcpClient client = new();
        await client.ConnectAsync(node.Address.Host, node.Address.Port, Token);
        return client;
    }

    private static async Task SendAndWaitForEndAsync(TcpEnds node, byte[] bytes, int answerLimit = 48)
    {
        using TcpClient client = await KnockAsync(node);
        await client.GetStream().WriteAsync(bytes, Token);
        int answered = 0;
        try
        {
            byte[] answer = new byte[1000];
            while (await client.GetStream().ReadAsync(answer, Token) is > 0 and int read)
            {
                answered += read;
            }
        }
        catch (IOException)
        {
            // Bytes that nobody read make the end a reset.
        }

        Assert.True(answered <= answerLimit, $"{answered} bytes came back.");
    }

    private static async Task WaitForRefusalsAsync(TcpEnds node, long count)
    {
        // The count has no event of its own; the other end of the connection is gone, so nothing else can be awaited.
        while (node.Refusals.Count < count)
        {
            await Task.Delay(10, Token);
        }

        Assert.Equal(count, node.Refusals.Count);
    }

    private static async Task ExpectGoodNodeGetsInAsync(TcpEnds node)
    {
        await using NodeLink link = await node.ConnectAsync(Good);
        Assert.True(link.IsConnected);
    }

    private static byte[] Sealed(FrameSeal seal)
    {
        using Frame frame = Filled(20);
        frame.Finish();
        Span<byte> bytes = frame.Bytes.Span;
        byte[] target = new byte[bytes.Length + FrameSeal.TagSize];
        bytes.CopyTo(target);
        seal.Seal(bytes[..Frame.HeaderSize], bytes[Frame.HeaderSize..], target.AsSpan(Frame.HeaderSize));
        return target;
    }

    private static async Task<int> CountOpenedAsync(byte[] bytes)
    {
        StreamConnection connection = new(
            new SecuredStream(new MemoryStream(bytes), null, new FrameSeal(new byte[32])), "test", 1 << 20);
        int count = 0;
        try
        {
            while (await connection.ReceiveAsync(Token) is { } frame)
            {
                frame.Dispose();
                count++;
            }
        }
        catch (TransportException e)
        {
            Assert.Equal(TransportFault.Malformed, e.Fault);
        }

        return count;
    }
}
