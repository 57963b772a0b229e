using Cairn.Cluster.RemoteDrives.Messages;
using Cairn.Cluster.Transport;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cairn.UnitTests.Cluster.RemoteDrives;

// Every message is written, compared with the golden file of its version, read and written again; then it is cut and
// altered, and arbitrary bytes are read: all that may come of it is a message or a MessageFormatException.
public sealed class MessageCodecTests
{
    public static TheoryData<string> Names => [.. MessageSamples.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Golden_messages_are_written_and_read_as_ever(string name)
    {
        byte[] written = [.. Enumerable.Range(1, 4).SelectMany(seed => Framed(name, (ulong)seed))];
        byte[] golden = GoldenFile.Check($"Cluster/Golden/{name}.v{MessageSamples.VersionOf(name)}", written);
        int offset = 0;
        while (offset < golden.Length)
        {
            int length = BitConverter.ToInt32(golden, offset);
            byte[] message = golden[(offset + 4)..(offset + 4 + length)];
            Assert.Equal(message, MessageSamples.Rewrite(name, message));
            offset += 4 + length;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_written_is_read_back(string name) => Prop.ForAll<ulong>(seed =>
    {
        byte[] message = MessageSamples.Write(name, new SimRandom(seed));
        return MessageSamples.Rewrite(name, message).AsSpan().SequenceEqual(message);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(false, 0UL)]
    [InlineData(true, 9UL)]
    public void Entry_tells_what_it_rules_out(bool excludesYounger, ulong? aloneSince)
    {
        Ballot? since = aloneSince is { } clock ? new Ballot(clock, 1) : null;
        AcceptRequest request = MessageSamples.Accept(new SimRandom(1));
        using Frame frame = Frame.Rent(FrameKind.Request);
        RegisterEntry entry = request.Entry with { ExcludesYounger = excludesYounger, AloneSince = since };
        DriveRequestCodec.WriteAccept(new MessageWriter(frame), request with { Entry = entry });
        MessageReader reader = new(frame.Payload.ToArray());
        RegisterEntry read = DriveRequestCodec.ReadAccept(ref reader).Entry;
        Assert.Equal((excludesYounger, since), (read.ExcludesYounger, read.AloneSince));
        Assert.Equal((request.Entry.Ballot, request.Entry.ShardIndex), (read.Ballot, read.ShardIndex));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_cut_anywhere_is_refused(string name)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            byte[] message = MessageSamples.Write(name, new SimRandom(seed));
            for (int length = 0; length < message.Length; length++)
            {
                Assert.Throws<MessageFormatException>(() => MessageSamples.Rewrite(name, message.AsMemory(0, length)));
            }

            Assert.Throws<MessageFormatException>(() => MessageSamples.Rewrite(name, (byte[])[.. message, 0]));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Altered_message_is_another_message_or_refused(string name) => Prop.ForAll<ulong, ushort, byte>((seed, at, flip) =>
    {
        byte[] message = MessageSamples.Write(name, new SimRandom(seed));
        message[at % message.Length] ^= flip;
        return IsReadOrRefused(name, message);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_bytes_are_a_message_or_refused(string name) =>
        Prop.ForAll<byte[]>(bytes => IsReadOrRefused(name, bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void Announced_elements_that_are_not_there_take_no_memory()
    {
        // 2^56 entries in some bytes.
        byte[] message = [1, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 0, 0, 0];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MessageFormatException>(() => MessageSamples.Rewrite("answer-list", message));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }

    private static bool IsReadOrRefused(string name, byte[] message)
    {
        try
        {
            MessageSamples.Rewrite(name, message);
            return true;
        }
        catch (MessageFormatException)
        {
            return true;
        }
    }

    private static byte[] Framed(string name, ulong seed)
    {
        byte[] message = MessageSamples.Write(name, new SimRandom(seed));
        return [.. BitConverter.GetBytes(message.Length), .. message];
    }
}
