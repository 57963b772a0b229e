using System.Text;
using Cairn.Cluster.Agreement;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Agreement;
using Xunit;

namespace Cairn.SimulationTests.Cluster;

/// <summary>
/// Rivals change one document over a bad network while acceptors die: there is one history, and it keeps what was agreed.
/// </summary>
/// <remarks>Method: every change appends its own name, so the content of a document is its history.</remarks>
public sealed class DocumentAgreementTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Agreed_changes_form_one_history_that_keeps_each_of_them_once(int nodes) => SeedsOf(60, seed =>
    {
        World world = new(seed);
        AgreementHistory history = new();
        world.Run(async () =>
        {
            SimAgreement cluster = await StartAsync(world, nodes);
            await Task.WhenAll(Enumerable.Range(0, 3).Select(rival => ChangeAsync(world, cluster, history, rival)));
            cluster.Heal();
            AgreedDocument? last = await cluster.Propose(0).ReadAsync(CancellationToken.None);
            Assert.NotNull(last);
            history.CheckEnd(last);
        });
    });

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Replaced_nodes_lose_nothing_that_was_agreed(int nodes) => SeedsOf(60, seed =>
    {
        World world = new(seed);
        AgreementHistory history = new();
        world.Run(async () =>
        {
            SimAgreement cluster = await StartAsync(world, nodes);
            Task changes = Task.WhenAll(Enumerable.Range(0, 3).Select(rival => ChangeAsync(world, cluster, history, rival)));
            while (!changes.IsCompleted)
            {
                await cluster.ReplaceAsync(world.Random.Next(nodes));
                await world.DelayAsync(world.Random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(100)));
            }

            await changes;
            cluster.Heal();
            AgreedDocument? last = await cluster.Propose(0).ReadAsync(CancellationToken.None);
            Assert.NotNull(last);
            history.CheckEnd(last);
        });
    });

    // What is wrong with it shows as two histories: of those who know the former voters, and of those who know the new ones.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Voters_that_come_and_go_one_at_a_time_keep_one_history(int founders) => SeedsOf(150, seed =>
    {
        World world = new(seed);
        AgreementHistory history = new();
        world.Run(async () =>
        {
            SimAgreement cluster = new(world, founders + 3) { Founders = founders };
            await cluster.EnterAsync();
            bool isOver = false;
            Task entering = EnterAgainAndAgainAsync(world, cluster, () => isOver);
            await Task.WhenAll(Enumerable.Range(0, 3).Select(rival => ElectAsync(world, cluster, history, rival)));
            cluster.Heal();
            AgreedDocument? last = await cluster.Propose(0).ReadAsync(CancellationToken.None);
            isOver = true;
            await entering;
            Assert.NotNull(last);
            history.CheckEnd(last);
        });
    });

    // P has the promise of node 0, which forgets it; P's request comes to 1 and 3 only after the others settled without 0.
    // If 0 now let Q in, which is older than P, then Q with 0, 2, 4 and P with 0, 1, 3 would agree on two successors.
    [Fact]
    public void Promise_that_a_replaced_node_forgot_binds_its_replacement()
    {
        World world = new(5);
        world.Run(async () =>
        {
            SimAgreement cluster = new(world, 5);
            cluster.Heal();
            await cluster.EnterAsync();
            DateTimeOffset first = world.Root.Time.GetUtcNow() + TimeSpan.FromHours(1);
            Ballot q = Ballot.At(first + TimeSpan.FromSeconds(1));
            Ballot p = Ballot.At(first + TimeSpan.FromSeconds(2));
            await world.DelayAsync(TimeSpan.FromSeconds(10));
            Assert.Equal(AcceptorVote.Granted, await VoteAsync(cluster, 0, new AgreementRequest(SimAgreement.Deployment, p)));
            await cluster.ReplaceAsync(0);
            Assert.Equal(AcceptorVote.Granted, await VoteAsync(cluster, 1, new AgreementRequest(SimAgreement.Deployment, p)));
            Assert.Equal(AcceptorVote.Granted, await VoteAsync(cluster, 2, new AgreementRequest(SimAgreement.Deployment, q)));
            Assert.Equal(AcceptorVote.Refused, await VoteAsync(cluster, 0, new AgreementRequest(SimAgreement.Deployment, q)));
        });
    }

    [Fact]
    public void Blank_node_does_not_vote_until_the_others_settled()
    {
        World world = new(6);
        world.Run(async () =>
        {
            SimAgreement cluster = await StartAsync(world, 3);
            cluster.Heal();
            Assert.Equal(ChangeOutcome.Changed, (await Try(cluster, 1, "a")).Outcome);
            cluster.IsDown[1] = true;
            Task entry = cluster.ReplaceAsync(0);
            await world.DelayAsync(TimeSpan.FromMinutes(1));
            Assert.False(entry.IsCompleted);
            Ballot now = Ballot.At(world.Root.Time.GetUtcNow());
            Assert.Equal(AcceptorVote.Blank, await VoteAsync(cluster, 0, new AgreementRequest(SimAgreement.Deployment, now)));
            Assert.Equal(ChangeOutcome.Unknown, (await Try(cluster, 2, "ab")).Outcome);
            cluster.IsDown[1] = false;
            await entry;
            Assert.NotEqual(ChangeOutcome.Unknown, (await Try(cluster, 2, "ac")).Outcome);
        });
    }

    [Fact]
    public void Minority_agrees_on_nothing()
    {
        World world = new(3);
        world.Run(async () =>
        {
            SimAgreement cluster = await StartAsync(world, 5);
            cluster.Heal();
            Assert.Equal(ChangeOutcome.Changed, (await Try(cluster, 1, "a")).Outcome);
            cluster.IsDown[0] = cluster.IsDown[1] = cluster.IsDown[2] = true;
            Assert.Equal(ChangeOutcome.Unknown, (await Try(cluster, 2, "ab")).Outcome);
            Assert.Null(await cluster.Propose(1).ReadAsync(CancellationToken.None));
            cluster.IsDown[0] = false;
            AgreedDocument? read = await cluster.Propose(1).ReadAsync(CancellationToken.None);
            Assert.NotNull(read);
            Assert.StartsWith("a", Encoding.UTF8.GetString(read.Content.Span), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Change_made_from_an_older_version_is_told_so()
    {
        World world = new(4);
        world.Run(async () =>
        {
            SimAgreement cluster = await StartAsync(world, 3);
            cluster.Heal();
            Assert.Equal(ChangeOutcome.Changed, (await Try(cluster, 1, "a")).Outcome);
            ChangeResult late = await Try(cluster, 1, "b");
            Assert.Equal((ChangeOutcome.Superseded, 1L), (late.Outcome, late.Current.Version));
        });
    }

    [Fact]
    public void Nodes_of_another_deployment_neither_ask_nor_vote()
    {
        World world = new(7);
        world.Run(async () =>
        {
            SimAgreement cluster = await StartAsync(world, 3);
            cluster.Heal();
            Assert.Equal(ChangeOutcome.Changed, (await Try(cluster, 1, "a")).Outcome);
            DeploymentId other = DeploymentId.New(world.Root.Entropy);
            Ballot ballot = Ballot.At(world.Root.Time.GetUtcNow() + TimeSpan.FromDays(1));
            AgreementRequest theft = new(other, ballot, new AgreedDocument(other, 2, default));
            Assert.Equal(AcceptorVote.Stranger, await VoteAsync(cluster, 0, theft));
            Assert.Equal(AcceptorVote.Stranger, await VoteAsync(cluster, 1, new AgreementRequest(other, ballot)));
            Assert.Equal(AcceptorVote.Stranger, await VoteAsync(cluster, 2, AgreementRequest.Peek(other)));
        });
    }

    private static async Task<AcceptorVote?> VoteAsync(SimAgreement cluster, int node, AgreementRequest request) =>
        (await cluster.AskAsync(node, request, CancellationToken.None))?.Vote;

    private static async Task<SimAgreement> StartAsync(World world, int nodes)
    {
        SimAgreement cluster = new(world, nodes);
        await cluster.EnterAsync();
        return cluster;
    }

    private static ValueTask<ChangeResult> Try(SimAgreement cluster, long version, string content) =>
        cluster.Propose(0).TryChangeAsync(DocumentOf(version, Encoding.UTF8.GetBytes(content)), CancellationToken.None);

    private static AgreedDocument DocumentOf(long version, byte[] content) => new(SimAgreement.Deployment, version, content);

    private static async Task ChangeAsync(World world, SimAgreement cluster, AgreementHistory history, int rival)
    {
        for (int turn = 0; turn < 6; turn++)
        {
            DocumentAgreement agreement = cluster.Propose(rival);
            AgreedDocument? seen = await agreement.ReadAsync(CancellationToken.None);
            if (seen is null)
            {
                continue;
            }

            history.Observe(seen);
            string name = $"{rival}{(char)('a' + turn)};";
            AgreedDocument next = DocumentOf(seen.Version + 1, [.. seen.Content.Span, .. Encoding.UTF8.GetBytes(name)]);
            history.Record(name, await agreement.TryChangeAsync(next, CancellationToken.None));
            await world.DelayAsync(world.Random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(300)));
        }
    }

    // Blank nodes that were made voters, and those that nobody asks yet: whoever enters early does no harm.
    private static async Task EnterAgainAndAgainAsync(World world, SimAgreement cluster, Func<bool> isOver)
    {
        while (!isOver())
        {
            _ = await cluster.TryEnterAsync(world.Random.Next(cluster.Count));
            await world.DelayAsync(world.Random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(200)));
        }
    }

    // Each rival keeps what it knows of the voters from one change to the next, and so may be far behind.
    private static async Task ElectAsync(World world, SimAgreement cluster, AgreementHistory history, int rival)
    {
        DocumentAgreement agreement = cluster.Propose(rival);
        for (int turn = 0; turn < 8; turn++)
        {
            await world.DelayAsync(world.Random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(300)));
            if (await agreement.ReadAsync(CancellationToken.None) is not { } seen)
            {
                continue;
            }

            history.Observe(seen);
            string name = $"{rival}{(char)('a' + turn)};" + ElectionAfter(world, cluster, seen);
            AgreedDocument next = DocumentOf(seen.Version + 1, [.. seen.Content.Span, .. Encoding.UTF8.GetBytes(name)]);
            history.Record(name, await agreement.TryChangeAsync(next, CancellationToken.None));
        }
    }

    private static string ElectionAfter(World world, SimAgreement cluster, AgreedDocument seen)
    {
        // As LayoutSteps does it: what follows a change of voters ends it first.
        IReadOnlyList<string> voters = cluster.ElectorateOf(seen).Voters;
        string node = SimAgreement.NameOf(world.Random.Next(cluster.Count));
        string[] steps = Encoding.UTF8.GetString(seen.Content.Span).Split(';', StringSplitOptions.RemoveEmptyEntries);
        return steps is [.., ['+' or '-', ..]] ? ""
            : !voters.Contains(node) ? $"+{node};"
            : voters.Count > 2 ? $"-{node};"
            : "";
    }

    private static void SeedsOf(int count, Action<ulong> run)
    {
        for (ulong seed = 0; seed < (ulong)count; seed++)
        {
            run(seed);
        }
    }
}
