using System.Globalization;
using Cairn.Cluster.Membership;
using Cairn.Cluster.Membership.Messages;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation;

namespace Cairn.UnitTests.Cluster.Membership;

/// <summary>Messages with every field set, and messages by chance.</summary>
internal static class MessageSamples
{
    public static readonly NodeId Alice = Id(0xA1);
    public static readonly NodeId Bob = Id(0xB2);
    public static readonly NodeId Carol = Id(0xC3);

    public static readonly MemberUpdate Suspected = new(
        new MemberRecord
        {
            Id = Carol,
            Run = 0x0102030405060708,
            Incarnation = 300,
            State = NodeState.Active,
            Protocol = 1,
            Address = "node3:9002",
            PublicAddress = "https://node3.example.com:9000",
            Zone = "rack b",
            ProgramVersion = "1.2.3",
            Metadata = new byte[] { 0xCA, 0xFE },
        },
        Liveness.Suspect,
        [Alice, Bob],
        TimeSpan.Zero);

    public static readonly MemberUpdate Left = new(
        new MemberRecord
        {
            Id = Bob,
            Run = 7,
            Incarnation = 1,
            State = NodeState.Leaving,
            Protocol = 1,
            Address = "[fd00::2]:9002",
        },
        Liveness.Alive,
        [],
        TimeSpan.FromSeconds(86_400));

    public static NodeId Id(byte value) => NodeId.Read(Enumerable.Repeat(value, NodeId.Size).ToArray());

    public static Message Header(string kind) => new()
    {
        Kind = Enum.Parse<MessageKind>(kind),
        Cluster = new Guid("00112233-4455-6677-8899-aabbccddeeff"),
        Sender = Alice,
        Run = 0x1122334455667788,
        Incarnation = 5,
        SenderAddress = "node1:9002",
        Target = kind is "Sync" ? default : Bob,
        Sequence = 1_000_000,
        WallClockMs = 1_900_000_000_000,
        Subject = kind is "PingRequest" ? Carol : default,
        SubjectAddress = kind is "PingRequest" ? "node3:9002" : "",
        WantsReply = kind is "Sync",
    };

    public static byte[] Encode(Message header, params IEnumerable<MemberUpdate> updates)
    {
        var builder = new MessageBuilder();
        builder.Begin(header);
        foreach (MemberUpdate update in updates)
        {
            builder.TryAdd(update, MembershipLimits.MaxMessageBytes);
        }

        return builder.Detach();
    }

    public static byte[] Random(SimRandom random)
    {
        var kind = (MessageKind)random.Between(1, 6);
        return Encode(
            Header(kind.ToString()) with
            {
                Sender = Id((byte)random.Between(1, 5)),
                Run = random.NextUInt64() % 3,
                Incarnation = (ulong)random.Between(1, 6),
                Target = random.Chance(0.5) ? default : Id((byte)random.Between(1, 5)),
                Sequence = (uint)random.Next(int.MaxValue),
                WallClockMs = random.NextInt64(253_402_300_799_999),
            },
            [.. Enumerable.Range(0, random.Next(5)).Select(_ => RandomUpdate(random))]);
    }

    public static MemberUpdate RandomUpdate(SimRandom random)
    {
        ulong run = random.NextUInt64() % 3;
        ulong incarnation = (ulong)random.Between(1, 6);
        NodeId id = Id((byte)random.Between(1, 5));
        // One content for one incarnation and run, as honest nodes make it.
        var content = SimRandom.Named(run, id + incarnation.ToString(CultureInfo.InvariantCulture));
        var state = (NodeState)content.Between(1, 4);
        Liveness liveness = state == NodeState.Leaving ? Liveness.Alive : (Liveness)random.Next(3);
        return new MemberUpdate(
            new MemberRecord
            {
                Id = id,
                Run = run,
                Incarnation = incarnation,
                State = state,
                Protocol = 1,
                Address = "node" + content.Next(9).ToString(CultureInfo.InvariantCulture) + ":9002",
                Zone = new string('z', content.Next(20)),
                Metadata = new byte[content.Next(40)],
            },
            liveness,
            liveness == Liveness.Alive ? [] : [Id((byte)random.Between(1, 5))],
            TimeSpan.FromSeconds(random.Next(100)));
    }

    /// <summary>A message that was damaged, cut, lengthened, or left as it was.</summary>
    public static byte[] Damage(byte[] message, SimRandom random)
    {
        byte[] damaged = [.. message];
        switch (random.Next(5))
        {
            case 0:
                return damaged[..random.Next(damaged.Length)];
            case 1:
                return [.. damaged, .. new byte[random.Between(1, 50)]];
            case 2:
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                return damaged;
            case 3:
                random.Fill(damaged.AsSpan(random.Next(damaged.Length)));
                return damaged;
            default:
                return damaged;
        }
    }
}
