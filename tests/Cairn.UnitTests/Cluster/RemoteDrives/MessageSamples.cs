using Cairn.Cluster.RemoteDrives.Messages;
using Cairn.Cluster.Transport;
using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation;

namespace Cairn.UnitTests.Cluster.RemoteDrives;

/// <summary>Every message about drives, filled by chance, with what reads it and writes it again.</summary>
internal static class MessageSamples
{
    private delegate void Rewriter(ref MessageReader reader, MessageWriter writer);

    private static readonly Dictionary<string, (Action<MessageWriter, SimRandom> Write, Rewriter Rewrite)> Messages = new()
    {
        ["accept"] = (
            (writer, random) => DriveRequestCodec.WriteAccept(writer, Accept(random)),
            (ref reader, writer) => DriveRequestCodec.WriteAccept(writer, DriveRequestCodec.ReadAccept(ref reader))),
        ["prepare"] = (
            (writer, random) => DriveRequestCodec.WritePrepare(writer, Key(random), Ballot(random), OptionalSlot(random)),
            (ref reader, writer) =>
            {
                (RegisterKey key, Ballot ballot, VersionId? slot) = DriveRequestCodec.ReadPrepare(ref reader);
                DriveRequestCodec.WritePrepare(writer, key, ballot, slot);
            }),
        ["commit"] = (
            (writer, random) => DriveRequestCodec.WriteCommit(writer, Commit(random)),
            (ref reader, writer) => DriveRequestCodec.WriteCommit(writer, DriveRequestCodec.ReadCommit(ref reader))),
        ["commits"] = (
            (writer, random) => DriveRequestCodec.WriteCommits(writer, Some(random, 4, Commit)),
            (ref reader, writer) => DriveRequestCodec.WriteCommits(writer, DriveRequestCodec.ReadCommits(ref reader))),
        ["forget"] = (
            (writer, random) => DriveRequestCodec.WriteForget(writer, Key(random), Slot(random), Ballot(random)),
            (ref reader, writer) =>
            {
                (RegisterKey key, VersionId slot, Ballot ballot) = DriveRequestCodec.ReadForget(ref reader);
                DriveRequestCodec.WriteForget(writer, key, slot, ballot);
            }),
        ["read"] = (
            (writer, random) => DriveRequestCodec.WriteRead(writer, Key(random), OptionalSlot(random), random.Chance(0.5)),
            (ref reader, writer) =>
            {
                (RegisterKey key, VersionId? slot, bool withInline) = DriveRequestCodec.ReadRead(ref reader);
                DriveRequestCodec.WriteRead(writer, key, slot, withInline);
            }),
        ["list"] = (
            (writer, random) => DriveRequestCodec.WriteList(writer, List(random)),
            (ref reader, writer) => DriveRequestCodec.WriteList(writer, DriveRequestCodec.ReadList(ref reader))),
        ["restore-inline"] = (
            (writer, random) => DriveRequestCodec.WriteRestoreInline(writer, Key(random), Data(random), Bytes(random, 200)),
            (ref reader, writer) =>
            {
                (RegisterKey key, DataId data, ReadOnlyMemory<byte> shard) = DriveRequestCodec.ReadRestoreInline(ref reader);
                DriveRequestCodec.WriteRestoreInline(writer, key, data, shard.Span);
            }),
        ["set-bucket-gate"] = (
            (writer, random) => DriveRequestCodec.WriteGate(
                writer, new BucketGate(new BucketId(random.NextUInt64()), random.NextUInt64(), random.Chance(0.5))),
            (ref reader, writer) => DriveRequestCodec.WriteGate(writer, DriveRequestCodec.ReadGate(ref reader))),
        ["list-missed"] = (
            (writer, random) => DriveRequestCodec.WriteListMissed(
                writer, Drive(random), random.Chance(0.5) ? Key(random) : null, random.Next(10_000)),
            (ref reader, writer) =>
            {
                (DriveId missing, RegisterKey? after, int limit) = DriveRequestCodec.ReadListMissed(ref reader);
                DriveRequestCodec.WriteListMissed(writer, missing, after, limit);
            }),
        ["missed"] = (
            (writer, random) => DriveRequestCodec.WriteMissed(writer, Some(random, 4, Missed)),
            (ref reader, writer) => DriveRequestCodec.WriteMissed(writer, DriveRequestCodec.ReadMissed(ref reader))),
        ["answer-accept"] = (
            (writer, random) => DriveReplyCodec.WriteAccept(writer, new AcceptReply(
                random.Chance(0.5), random.Chance(0.5), Ballot(random), random.Chance(0.5))),
            (ref reader, writer) => DriveReplyCodec.WriteAccept(writer, DriveReplyCodec.ReadAccept(ref reader))),
        ["answer-commits"] = (
            (writer, random) => DriveReplyCodec.WriteFaults(writer, Some(random, 4, Fault)),
            (ref reader, writer) => DriveReplyCodec.WriteFaults(writer, DriveReplyCodec.ReadFaults(ref reader))),
        ["answer-prepare"] = (
            (writer, random) => DriveReplyCodec.WritePrepare(writer, new PrepareReply(
                random.Chance(0.5), Ballot(random), random.Chance(0.7) ? View(random) : null)),
            (ref reader, writer) => DriveReplyCodec.WritePrepare(writer, DriveReplyCodec.ReadPrepare(ref reader))),
        ["answer-read"] = (
            (writer, random) => DriveReplyCodec.WriteView(writer, View(random)),
            (ref reader, writer) => DriveReplyCodec.WriteView(writer, DriveReplyCodec.ReadView(ref reader))),
        ["answer-list"] = (
            (writer, random) => DriveReplyCodec.WriteList(writer, new ListReply(
                random.Chance(0.5), Some(random, 5, Row), random.Chance(0.5)) { Floor = Ballot(random) }),
            (ref reader, writer) => DriveReplyCodec.WriteList(writer, DriveReplyCodec.ReadList(ref reader))),
        ["answer-stat"] = (
            (writer, random) => DriveReplyCodec.WriteUsage(writer, new DriveUsage(
                random.NextInt64(long.MaxValue), random.NextInt64(long.MaxValue))),
            (ref reader, writer) => DriveReplyCodec.WriteUsage(writer, DriveReplyCodec.ReadUsage(ref reader))),
        ["states"] = (
            (writer, random) => DriveReplyCodec.WriteStates(writer, Some(random, 4, State)),
            (ref reader, writer) => DriveReplyCodec.WriteStates(writer, DriveReplyCodec.ReadStates(ref reader))),
    };

    public static IEnumerable<string> Names => Messages.Keys;

    /// <summary>The first version of the messages that has it.</summary>
    public static byte VersionOf(string name) => name is "commits" or "answer-commits" ? ProtocolRange.WithBundles : (byte)1;

    public static byte[] Write(string name, SimRandom random)
    {
        using Frame frame = Frame.Rent(FrameKind.Request);
        Messages[name].Write(new MessageWriter(frame), random);
        return frame.Payload.ToArray();
    }

    /// <summary>Reads and writes what was read.</summary>
    /// <exception cref="MessageFormatException">Not such a message.</exception>
    public static byte[] Rewrite(string name, ReadOnlyMemory<byte> message)
    {
        using Frame frame = Frame.Rent(FrameKind.Request);
        MessageReader reader = new(message);
        Messages[name].Rewrite(ref reader, new MessageWriter(frame));
        reader.End();
        return frame.Payload.ToArray();
    }

    public static AcceptRequest Accept(SimRandom random)
    {
        RegisterEntry entry = Entry(random);
        bool hasInline = entry.Data.Count > 0 && random.Chance(0.7);
        return new AcceptRequest(Key(random), entry, hasInline ? Bytes(random, 300) : default, hasInline);
    }

    private static ListRequest List(SimRandom random) => new()
    {
        Space = RegisterSpace.Objects,
        Bucket = new BucketId(random.NextUInt64()),
        Prefix = Bytes(random, 10),
        From = Bytes(random, 10),
        Delimiter = Bytes(random, 2),
        AllVersions = random.Chance(0.5),
        OlderThan = random.Chance(0.5) ? Ballot(random) : null,
        OnlyIfClosed = random.Chance(0.5),
        Limit = random.Between(1, 10_000),
    };

    private static RegisterView View(SimRandom random)
    {
        bool hasInline = random.Chance(0.5);
        return new RegisterView(
            random.Chance(0.5), Ballot(random), Some(random, 3, Entry), hasInline ? Bytes(random, 300) : default, hasInline)
        {
            Floor = Ballot(random),
        };
    }

    private static RegisterEntry Entry(SimRandom random)
    {
        Ballot birth = Ballot(random);
        return new RegisterEntry
        {
            Slot = random.Pick<VersionId>([VersionId.Null, new VersionId(birth), Slot(random)]),
            Birth = birth,
            Ballot = random.Chance(0.5) ? birth : Ballot(random),
            IsCommitted = random.Chance(0.5),
            IsRemoved = random.Chance(0.5),
            ShardIndex = (byte)random.Next(256),
            Body = Bytes(random, 100),
            Data = Some(random, 3, Data),
        };
    }

    private static ListRow Row(SimRandom random) => new(Bytes(random, 20), Some(random, 3, Entry), random.Chance(0.5))
    {
        Floor = Ballot(random),
    };

    private static CommitRequest Commit(SimRandom random) =>
        new(Key(random), Slot(random), Ballot(random), Some(random, 3, Drive));

    private static DriveFault Fault(SimRandom random) => random.Pick(Enum.GetValues<DriveFault>());

    private static MissedWrite Missed(SimRandom random) => new(Drive(random), Key(random), Slot(random), Ballot(random));

    private static ToldState State(SimRandom random) => new(Drive(random), (DriveState)random.Next(4));

    private static RegisterKey Key(SimRandom random) =>
        RegisterKey.Of(RegisterSpace.Objects, new BucketId(random.NextUInt64()), Bytes(random, 30));

    private static VersionId? OptionalSlot(SimRandom random) => random.Chance(0.5) ? Slot(random) : null;

    private static VersionId Slot(SimRandom random) => random.Chance(0.3) ? VersionId.Null : new VersionId(Ballot(random));

    private static Ballot Ballot(SimRandom random) => new(random.NextUInt64(), random.NextUInt64());

    private static DataId Data(SimRandom random) => new(random.NextUInt64(), random.NextUInt64());

    private static DriveId Drive(SimRandom random)
    {
        byte[] bytes = new byte[16];
        random.Fill(bytes);
        return new DriveId(new Guid(bytes));
    }

    private static byte[] Bytes(SimRandom random, int most)
    {
        byte[] bytes = new byte[random.Next(most + 1)];
        random.Fill(bytes);
        return bytes;
    }

    private static T[] Some<T>(SimRandom random, int most, Func<SimRandom, T> make) =>
        [.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => make(random))];
}
