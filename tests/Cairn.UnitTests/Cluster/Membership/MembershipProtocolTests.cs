using Cairn.Cluster.Membership;
using Cairn.Cluster.Membership.Messages;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cairn.UnitTests.Cluster.Membership;

/// <remarks>
/// Method: one protocol alone is fed messages by hand; what it then knows, sends and counts is compared. How several of
/// them get along is tested in the simulation.
/// </remarks>
public sealed class MembershipProtocolTests
{
    private static readonly NodeId Me = MessageSamples.Id(0x77);
    private static readonly Instant Now = new(TimeSpan.FromSeconds(1), SimTime.Epoch);

    [Fact]
    public void The_order_and_the_number_of_times_that_statements_arrive_do_not_matter() => Prop.ForAll<int>(seed =>
    {
        var random = SimRandom.Named((ulong)seed, "order");
        List<MemberUpdate> statements = [.. Enumerable.Range(0, 20).Select(_ => MessageSamples.RandomUpdate(random))];
        MembershipProtocol left = Create(1);
        MembershipProtocol right = Create(2);
        Feed(left, statements);
        statements.AddRange(statements.Take(random.Next(20)).ToArray());
        for (int i = statements.Count - 1; i > 0; i--)
        {
            int other = random.Next(i + 1);
            (statements[i], statements[other]) = (statements[other], statements[i]);
        }

        Feed(right, statements);
        return Known(left) == Known(right);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Garbage_and_replays_neither_stop_a_node_nor_make_it_grow() => Prop.ForAll<int>(seed =>
    {
        var random = SimRandom.Named((ulong)seed, "flood");
        MembershipProtocol node = Create(1, new MembershipOptions { MaxMembers = 3 });
        Instant now = Now;
        var replay = new List<byte[]>();
        for (int i = 0; i < 400; i++)
        {
            byte[] message = replay.Count > 0 && random.Chance(0.3)
                ? random.Pick(replay)
                : MessageSamples.Damage(MessageSamples.Random(random), random);
            replay.Add(message);
            now = now with { Elapsed = now.Elapsed + TimeSpan.FromMilliseconds(random.Next(50)) };
            node.Receive(message, now);
            if (now.Elapsed >= node.Due)
            {
                node.Tick(now);
            }

            // An answer, a question back, a round of gossip, a probe with its helpers.
            if (node.Outgoing.Count > 12 || node.CreateView().Members.Count > 4)
            {
                return false;
            }

            node.Outgoing.Clear();
            node.Changes.Clear();
        }

        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void A_flood_of_requests_for_probes_is_cut_off_and_counted()
    {
        MembershipProtocol node = Create(1);
        byte[] request = MessageSamples.Encode(MessageSamples.Header("PingRequest") with { Target = Me });
        for (int i = 0; i < 1_000; i++)
        {
            node.Receive(request, Now);
        }

        Assert.Equal(1_000 - MembershipLimits.MaxRelays, node.Counters.GetRefused(MessageRefusal.OverLimit));
    }

    [Fact]
    public void Every_refusal_is_counted_under_its_reason()
    {
        MembershipProtocol node = Create(1);
        node.SetCluster(new Guid("11111111-1111-1111-1111-111111111111"));
        byte[] newer = Encode(MessageSamples.Header("Gossip") with { Cluster = default, Target = Me });
        newer[0] = 9;

        node.Receive(newer, Now);
        node.Receive(new byte[] { 1, 99 }, Now);
        node.Receive(new byte[20_000], Now);
        node.Receive(Encode(MessageSamples.Header("Gossip") with { Target = Me }), Now);
        node.Receive(Encode(MessageSamples.Header("Gossip") with { Cluster = default }), Now);
        node.Receive(Encode(MessageSamples.Header("Ack") with { Cluster = default, Target = Me }), Now);

        foreach (MessageRefusal reason in new[]
        {
            MessageRefusal.Version, MessageRefusal.Malformed, MessageRefusal.Oversized,
            MessageRefusal.ForeignCluster, MessageRefusal.Misdirected, MessageRefusal.Unsolicited,
        })
        {
            Assert.Equal(1, node.Counters.GetRefused(reason));
        }

        Assert.Equal(MembershipChangeKind.ForeignCluster, Assert.Single(node.Changes).Kind);
    }

    [Fact]
    public void An_accused_node_goes_above_the_accusation_and_says_so_at_once()
    {
        MembershipProtocol node = Create(1);
        MemberView before = node.CreateView().Self;
        node.Outgoing.Clear();
        MemberUpdate own = new(
            new MemberRecord
            {
                Id = Me,
                Run = before.Run,
                Incarnation = before.Incarnation,
                State = before.State,
                Protocol = 1,
                Address = before.Address,
            },
            Liveness.Suspect,
            [MessageSamples.Alice],
            TimeSpan.Zero);

        node.Receive(Encode(MessageSamples.Header("Ping") with { Target = Me }, own), Now);

        Assert.Equal(before.Incarnation + 1, node.CreateView().Self.Incarnation);
        OutgoingMessage ack = node.Outgoing.First(message => message.Address == "node1:9002");
        MessageCodec.Decode(ack.Bytes, out Message header, out List<MemberUpdate> updates);
        Assert.Equal(MessageKind.Ack, header.Kind);
        Assert.Contains(updates, update => update.Record.Id == Me && update.Record.Incarnation == before.Incarnation + 1);
    }

    [Fact]
    public void Whoever_calls_while_believed_failed_is_told_so()
    {
        MembershipProtocol node = Create(1);
        Message call = MessageSamples.Header("Ping") with { Target = Me };
        MemberUpdate failed = MessageSamples.Suspected with
        {
            Record = MessageSamples.Suspected.Record with { Id = call.Sender, Run = call.Run, Incarnation = call.Incarnation },
            Liveness = Liveness.Failed,
        };
        Feed(node, [failed]);
        // It is no longer news.
        for (int i = 0; i < 200; i++)
        {
            node.Receive(Encode(call with { Sender = MessageSamples.Bob }), Now);
        }

        node.Outgoing.Clear();
        node.Receive(Encode(call), Now);

        MessageCodec.Decode(node.Outgoing[0].Bytes, out _, out List<MemberUpdate> updates);
        Assert.Equal(Liveness.Failed, Assert.Single(updates, update => update.Record.Id == call.Sender).Liveness);
    }

    [Fact]
    public void Only_who_was_asked_can_answer()
    {
        MembershipProtocol node = Create(1);
        Feed(node, [MessageSamples.Suspected with { Liveness = Liveness.Alive, Accusers = [] }]);
        node.Outgoing.Clear();
        node.Doubt(MessageSamples.Suspected.Record.Address, Now);
        MessageCodec.Decode(Assert.Single(node.Outgoing).Bytes, out Message ping, out _);
        Message ack = MessageSamples.Header("Ack") with { Target = Me, Sequence = ping.Sequence };

        node.Receive(Encode(ack with { Sender = MessageSamples.Bob }), Now);
        Assert.Equal(1, node.Counters.GetRefused(MessageRefusal.Unsolicited));

        node.Receive(Encode(ack with { Sender = MessageSamples.Carol }), Now);
        node.Receive(Encode(ack with { Sender = MessageSamples.Carol }), Now);
        Assert.Equal(2, node.Counters.GetRefused(MessageRefusal.Unsolicited));
        Assert.Single(node.CreateStatus(Now).Members, member => member.RoundTrip is not null && member.Member.Id != Me);
    }

    [Fact]
    public void Nobody_can_drive_an_incarnation_beyond_its_bound()
    {
        MembershipProtocol node = Create(1);
        MemberUpdate absurd = MessageSamples.Suspected with
        {
            Record = MessageSamples.Suspected.Record with { Id = Me, Incarnation = MembershipLimits.MaxIncarnation },
        };

        node.Receive(Encode(MessageSamples.Header("Gossip") with { Target = Me }, absurd), Now);

        Assert.Equal(1UL, node.CreateView().Self.Incarnation);
        Assert.Equal(1, node.Counters.GetRefused(MessageRefusal.Malformed));
    }

    [Fact]
    public void A_seed_known_under_another_name_is_called_once()
    {
        MembershipProtocol node = Create(1, otherNode: "alias:9002");
        OutgoingMessage call = Assert.Single(node.Outgoing);
        Assert.Equal("alias:9002", call.Address);
        MessageCodec.Decode(call.Bytes, out Message asked, out _);
        node.Receive(
            Encode(
                MessageSamples.Header("Sync") with { Sequence = asked.Sequence, WantsReply = false },
                MessageSamples.Suspected with { Record = MessageSamples.Suspected.Record with { Id = MessageSamples.Alice } }),
            Now);
        node.Outgoing.Clear();

        for (int i = 0; i < 100; i++)
        {
            node.Tick(new Instant(Now.Elapsed + TimeSpan.FromMilliseconds(100 * i), Now.Wall));
        }

        Assert.DoesNotContain(node.Outgoing, message => message.Address == "alias:9002");
    }

    [Theory]
    [InlineData(3, 2, 15)]
    [InlineData(0, 2, 30)]
    [InlineData(0, 0, 15)]
    [InlineData(1, 1, 15)]
    public void Confirmations_shorten_a_suspicion_down_to_the_configured_time(int confirmations, int possible, int seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            Cairn.Cluster.Membership.Detection.Suspicion.ComputeTimeout(TimeSpan.FromSeconds(15), confirmations, possible));

    [Fact]
    public void Options_name_everything_that_is_wrong_and_what_is_accepted()
    {
        Assert.Empty(new MembershipOptions().Validate());
        IReadOnlyList<string> problems = new MembershipOptions
        {
            GossipPeriod = TimeSpan.Zero,
            FailedAfter = TimeSpan.FromSeconds(1),
            GossipFanout = 0,
        }.Validate();

        Assert.Contains(problems, problem => problem.Contains("Membership:GossipPeriod", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("Membership:FailedAfter", StringComparison.Ordinal));
        Assert.Contains(
            problems, problem => problem.Contains("Membership:GossipFanout is 0; accepted: 1 to 16", StringComparison.Ordinal));
    }

    private static MembershipProtocol Create(ulong seed, MembershipOptions? options = null, string otherNode = "nobody:9002")
    {
        var node = new MembershipProtocol(
            options ?? new MembershipOptions(),
            new LocalMember { Id = Me, Address = "me:9002", Seeds = [otherNode] },
            new SimEntropy(new SimRandom(seed)));
        node.Start(Now);
        return node;
    }

    private static byte[] Encode(Message header, params IEnumerable<MemberUpdate> updates) =>
        MessageSamples.Encode(header, updates);

    private static void Feed(MembershipProtocol node, IEnumerable<MemberUpdate> statements)
    {
        foreach (MemberUpdate statement in statements)
        {
            node.Receive(Encode(MessageSamples.Header("Gossip") with { Target = default }, statement), Now);
        }
    }

    private static string Known(MembershipProtocol node) => string.Join('\n', node.CreateView().Members
        .Where(member => member.Id != Me)
        .Select(member => $"{member.Id} {member.Run} {member.Incarnation} {member.State} {member.IsSuspect} {member.Address}"));
}
