using Cairn.Cluster.Membership;
using Cairn.Cluster.Membership.Messages;
using Cairn.Testing.Simulation;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cairn.UnitTests.Cluster.Membership;

/// <remarks>
/// Method: a message of each kind with every field set is compared with its golden file; every shorter or longer run of
/// its bytes, and messages damaged by chance, must be refused or mean exactly one message.
/// </remarks>
public sealed class MessageCodecTests
{
    public static TheoryData<string> Kinds => ["Ping", "Ack", "PingRequest", "Nack", "Gossip", "Sync"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Format_1_has_the_bytes_of_its_golden_file(string kind) =>
        GoldenFile.Check($"Cluster/Membership/{kind}.v1", Sample(kind));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_message_comes_back_as_it_was(string kind)
    {
        MessageRefusal refusal = MessageCodec.Decode(Sample(kind), out Message read, out List<MemberUpdate> updates);

        Assert.Equal(MessageRefusal.None, refusal);
        Assert.Equal(MessageSamples.Header(kind), read);
        Assert.Equal(2, updates.Count);
        Assert.Equal(MessageSamples.Suspected.Record.Metadata.ToArray(), updates[0].Record.Metadata.ToArray());
        Assert.Equal(MessageSamples.Suspected.Accusers, updates[0].Accusers);
        Assert.Equal(
            MessageSamples.Suspected.Record, updates[0].Record with { Metadata = MessageSamples.Suspected.Record.Metadata });
        Assert.Equal(TimeSpan.FromDays(1), updates[1].Age);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_message_cut_short_anywhere_is_refused_or_ends_between_two_updates(string kind)
    {
        byte[] whole = Sample(kind);
        int[] ends =
        [
            MessageSamples.Encode(MessageSamples.Header(kind)).Length,
            MessageSamples.Encode(MessageSamples.Header(kind), MessageSamples.Suspected).Length,
        ];
        for (int size = 0; size < whole.Length; size++)
        {
            MessageRefusal refusal = MessageCodec.Decode(whole.AsSpan(0, size), out _, out _);
            Assert.Equal(ends.Contains(size) ? MessageRefusal.None : MessageRefusal.Malformed, refusal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(255)]
    public void Another_version_is_refused_as_such(byte version)
    {
        byte[] message = Sample("Ping");
        message[0] = version;

        Assert.Equal(MessageRefusal.Version, MessageCodec.Decode(message, out _, out _));
    }

    [Fact]
    public void An_oversized_message_is_refused_before_it_is_read() => Assert.Equal(
        MessageRefusal.Oversized,
        MessageCodec.Decode(new byte[MembershipLimits.MaxMessageBytes + 1], out _, out _));

    [Fact]
    public void The_largest_update_fits_its_buffer_and_a_message()
    {
        string longest = new('x', MembershipLimits.MaxTextBytes);
        MemberUpdate largest = new(
            MessageSamples.Suspected.Record with
            {
                Run = ulong.MaxValue,
                Incarnation = MembershipLimits.MaxIncarnation,
                Address = longest,
                PublicAddress = longest,
                Zone = longest,
                ProgramVersion = longest,
                Metadata = new byte[MembershipLimits.MaxMetadataBytes],
            },
            Liveness.Failed,
            [MessageSamples.Alice, MessageSamples.Bob, MessageSamples.Carol],
            TimeSpan.FromSeconds(uint.MaxValue));
        Message header = MessageSamples.Header("PingRequest") with
        {
            SenderAddress = longest,
            SubjectAddress = longest,
            Incarnation = MembershipLimits.MaxIncarnation,
            Sequence = uint.MaxValue,
        };

        byte[] message = MessageSamples.Encode(header, largest);

        Assert.Equal(MessageRefusal.None, MessageCodec.Decode(message, out _, out List<MemberUpdate> updates));
        Assert.Equal(longest, Assert.Single(updates).Record.ProgramVersion);
    }

    [Theory]
    [InlineData("no id")]
    [InlineData("no address")]
    [InlineData("no incarnation")]
    [InlineData("state 0")]
    [InlineData("state Failed")]
    [InlineData("liveness 3")]
    [InlineData("a leaving suspect")]
    public void A_statement_that_makes_no_sense_is_refused(string nonsense)
    {
        MemberUpdate update = MessageSamples.Suspected;
        MemberUpdate senseless = nonsense switch
        {
            "no id" => update with { Record = update.Record with { Id = default } },
            "no address" => update with { Record = update.Record with { Address = "" } },
            "no incarnation" => update with { Record = update.Record with { Incarnation = 0 } },
            "state 0" => update with { Record = update.Record with { State = 0 } },
            "state Failed" => update with { Record = update.Record with { State = NodeState.Failed } },
            "liveness 3" => update with { Liveness = (Liveness)3 },
            _ => update with { Record = update.Record with { State = NodeState.Leaving } },
        };

        Assert.Equal(
            MessageRefusal.Malformed,
            MessageCodec.Decode(MessageSamples.Encode(MessageSamples.Header("Gossip"), senseless), out _, out _));
    }

    [Fact]
    public void Whatever_is_accepted_has_one_encoding() => Prop.ForAll<int>(seed =>
    {
        var random = SimRandom.Named((ulong)seed, "damage");
        byte[] message = MessageSamples.Damage(MessageSamples.Random(random), random);
        return MessageCodec.Decode(message, out Message read, out List<MemberUpdate> updates) != MessageRefusal.None
            || MessageSamples.Encode(read, updates).AsSpan().SequenceEqual(message);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

    [Fact]
    public void No_bytes_break_the_reader() => Prop.ForAll<byte[]>(bytes =>
    {
        byte[] message = [1, 6, .. bytes];
        MessageRefusal refusal = MessageCodec.Decode(message, out _, out _);
        return refusal == MessageRefusal.Malformed;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    private static byte[] Sample(string kind) =>
        MessageSamples.Encode(MessageSamples.Header(kind), MessageSamples.Suspected, MessageSamples.Left);
}
