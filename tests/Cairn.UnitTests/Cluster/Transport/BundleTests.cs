using System.Buffers.Binary;
using Cairn.Cluster.Security;
using Cairn.Cluster.Transport;
using Cairn.Cluster.Transport.Sockets;
using Xunit;

namespace Cairn.UnitTests.Cluster.Transport;

// One end sends over a stream whose writes the test holds, so that what is queued meanwhile goes into one write; what was
// written is read by another end. It is altered, cut, or made of what no node sends; the stream breaks with such a write
// under way. Not covered: sockets (the drive's contract runs over them).
public sealed class BundleTests
{
    private const int Small = 100;
    private const int Large = 20_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Small_frames_of_one_write_are_sealed_as_one_and_arrive_in_order()
    {
        byte[] wire = await SendAsync(version: 2, Small, Small, 0, Small, Large, Small, Small, Large, Small);
        Assert.Equal(
            [FrameKind.Message, FrameKind.Bundle, FrameKind.Message, FrameKind.Bundle, FrameKind.Message, FrameKind.Message],
            KindsOf(wire));
        Assert.Equal([Small, Small, 0, Small, Large, Small, Small, Large, Small], await ReceiveAsync(wire));
    }

    [Fact]
    public async Task Release_before_gets_no_bundle()
    {
        byte[] wire = await SendAsync(version: 1, Small, Small, Small);
        Assert.All(KindsOf(wire), kind => Assert.Equal(FrameKind.Message, kind));
        Assert.Equal([Small, Small, Small], await ReceiveAsync(wire));
    }

    [Fact]
    public async Task Write_is_never_longer_than_the_longest_bundle()
    {
        const int Size = 16_000;
        HeldStream stream = new();
        StreamConnection sender = Sender(stream, maxQueuedBytes: 1 << 20);
        for (int i = 0; i < 40; i++)
        {
            Assert.True(await sender.SendAsync(Filled(Size), Token));
        }

        await stream.WriteAllAsync(40, Size, Token);
        Assert.All(stream.Writes, write => Assert.InRange(write.Length, Size, FrameInbox.MaxBundle));
        Assert.Equal(Enumerable.Repeat(Size, 40), await ReceiveAsync([.. stream.Writes.SelectMany(write => write)]));
    }

    [Fact]
    public async Task Altered_bundle_does_not_open()
    {
        byte[] wire = await SendAsync(version: 2, 10, 10, 10);
        int first = Frame.HeaderSize + 10 + FrameSeal.TagSize;
        for (int at = first; at < wire.Length; at++)
        {
            byte[] altered = [.. wire];
            altered[at] ^= 1;
            Assert.Equal([10], await ReceiveAsync(altered));
        }

        Assert.Equal([10], await ReceiveAsync([.. wire[..first], .. wire[..first]]));
    }

    [Fact]
    public async Task Bundle_cut_anywhere_delivers_nothing_of_it()
    {
        byte[] wire = await SendAsync(version: 2, 10, 10, 10);
        int first = Frame.HeaderSize + 10 + FrameSeal.TagSize;
        for (int length = first; length < wire.Length; length++)
        {
            Assert.Equal([10], await ReceiveAsync(wire[..length]));
        }
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("0A000000 07000000 0000000000000000 00010203040506070809 0100", 1)]
    [InlineData("00000000 07000000 0000000000000000 01000000 07000000 0000000000000000", 1)]
    [InlineData("FFFFFFFF 07000000 0000000000000000 00", 0)]
    [InlineData("00000000 0A000000 0000000000000000", 0)]
    public async Task Bundle_that_does_not_hold_whole_frames_ends_the_connection(string payload, int delivered)
    {
        byte[] inner = Convert.FromHexString(payload.Replace(" ", "", StringComparison.Ordinal));
        StreamConnection receiver = Receiver(new MemoryStream(SealedBundle(inner)));
        for (int i = 0; i < delivered; i++)
        {
            using Frame? frame = await receiver.ReceiveAsync(Token);
            Assert.Equal(FrameKind.Message, frame?.Kind);
        }

        TransportException refused = await Assert.ThrowsAsync<TransportException>(
            async () => (await receiver.ReceiveAsync(Token))?.Dispose());
        Assert.Equal(TransportFault.Malformed, refused.Fault);
        Assert.Null(await receiver.ReceiveAsync(Token));
    }

    [Fact]
    public async Task Bundle_that_is_too_long_is_refused_by_its_header()
    {
        byte[] header = new byte[Frame.HeaderSize];
        Frame.WriteBundleHeader(header, FrameInbox.MaxBundle);
        StreamConnection receiver = Receiver(new MemoryStream(header));
        TransportException refused = await Assert.ThrowsAsync<TransportException>(
            async () => (await receiver.ReceiveAsync(Token))?.Dispose());
        Assert.Contains("bundle of", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_of_a_bundle_are_as_ever()
    {
        byte[] wire = await SendAsync(version: 2, 3, 4, 5);
        GoldenFile.Check("Cluster/Golden/bundle.v2", wire[(Frame.HeaderSize + 3 + FrameSeal.TagSize)..]);
    }

    [Fact]
    public async Task Stream_that_breaks_with_a_bundle_under_way_ends_all_who_send()
    {
        HeldStream stream = new();
        StreamConnection sender = Sender(stream, maxQueuedBytes: 1000);
        Assert.True(await sender.SendAsync(Filled(Small), Token));
        await stream.WaitForWriteAsync(Token);
        int queued = 0;
        Task<bool> waiting;
        while ((waiting = sender.SendAsync(Filled(Small), Token).AsTask()).IsCompleted)
        {
            queued++;
        }

        // Room for a thousand bytes and the frame that passes them; then senders wait.
        Assert.Equal(9, queued);
        stream.Release();
        await stream.WaitForWriteAsync(Token);
        Assert.True(await waiting);
        while ((waiting = sender.SendAsync(Filled(Small), Token).AsTask()).IsCompleted)
        {
            Assert.True(await waiting);
        }

        stream.Break();
        Assert.False(await waiting);
        Assert.False(sender.TrySend(Filled(Small)));
        Assert.Null(await sender.ReceiveAsync(Token));
        Assert.Equal([Small], await ReceiveAsync(stream.Writes[0]));
    }

    [Fact]
    public async Task Frame_whose_sender_gives_up_waiting_is_not_sent_and_the_others_are()
    {
        HeldStream stream = new();
        StreamConnection sender = Sender(stream, maxQueuedBytes: 1000);
        Assert.True(await sender.SendAsync(Filled(Small), Token));
        await stream.WaitForWriteAsync(Token);
        while (sender.TrySend(Filled(Small)))
        {
        }

        using CancellationTokenSource cancellation = new();
        ValueTask<bool> waiting = sender.SendAsync(Filled(1), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        stream.Release();
        await stream.WriteAllAsync(10, Small, Token);
        Assert.Equal(Enumerable.Repeat(Small, 10), await ReceiveAsync([.. stream.Writes.SelectMany(write => write)]));
    }

    // The first frame is written alone, and all others together while that write is held.
    private static async Task<byte[]> SendAsync(byte version, params int[] sizes)
    {
        HeldStream stream = new();
        StreamConnection sender = Sender(stream, maxQueuedBytes: 1 << 20, version);
        Assert.True(await sender.SendAsync(Filled(sizes[0]), Token));
        await stream.WaitForWriteAsync(Token);
        foreach (int size in sizes[1..])
        {
            Assert.True(await sender.SendAsync(Filled(size), Token));
        }

        stream.Release();
        await stream.WaitForWriteAsync(Token);
        stream.Release();
        return [.. stream.Writes.SelectMany(write => write)];
    }

    private static StreamConnection Sender(Stream stream, int maxQueuedBytes, byte version = 2)
    {
        StreamConnection sender = new(new SecuredStream(stream, new FrameSeal(new byte[32]), null), "test", maxQueuedBytes);
        sender.Speak(version);
        return sender;
    }

    private static StreamConnection Receiver(Stream stream) =>
        new(new SecuredStream(stream, null, new FrameSeal(new byte[32])), "test", 1 << 20);

    // Lengths of the payloads that arrive before the end, whatever the end.
    private static async Task<List<int>> ReceiveAsync(byte[] wire)
    {
        List<int> sizes = [];
        StreamConnection receiver = Receiver(new MemoryStream(wire));
        try
        {
            while (await receiver.ReceiveAsync(Token) is { } frame)
            {
                using (frame)
                {
                    Assert.Equal(Pattern(frame.PayloadLength), frame.Payload.ToArray());
                    sizes.Add(frame.PayloadLength);
                }
            }
        }
        catch (TransportException e)
        {
            Assert.Equal(TransportFault.Malformed, e.Fault);
        }

        return sizes;
    }

    private static List<FrameKind> KindsOf(byte[] wire)
    {
        List<FrameKind> kinds = [];
        for (int at = 0; at < wire.Length;)
        {
            kinds.Add(Frame.ReadKind(wire.AsSpan(at)));
            at += Frame.HeaderSize + BinaryPrimitives.ReadInt32LittleEndian(wire.AsSpan(at)) + FrameSeal.TagSize;
        }

        return kinds;
    }

    private static byte[] SealedBundle(byte[] payload)
    {
        using FrameSeal seal = new(new byte[32]);
        byte[] wire = new byte[Frame.HeaderSize + payload.Length + FrameSeal.TagSize];
        Frame.WriteBundleHeader(wire, payload.Length);
        seal.Seal(wire.AsSpan(0, Frame.HeaderSize), payload, wire.AsSpan(Frame.HeaderSize));
        return wire;
    }

    private static Frame Filled(int size)
    {
        Frame frame = Frame.To(1, 1, size);
        frame.Address(FrameKind.Message, 0);
        new MessageWriter(frame).Raw(Pattern(size));
        return frame;
    }

    private static byte[] Pattern(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)i)];
}
