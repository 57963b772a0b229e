using Cairn.Cluster.Topology;
using Xunit;

namespace Cairn.UnitTests.Cluster.Topology;

public sealed class OwnNodeTests
{
    private static readonly string[] FourNodes = ["http://n{1...4}:9000/d"];

    [Theory]
    [InlineData("n2", "10.0.0.9", "10.0.0.1", "n2:9000")] // by its own name, whatever the resolver says
    [InlineData("other", "10.0.0.3", "10.0.0.3", "n3:9000")] // by an address
    [InlineData("other", "::ffff:10.0.0.3", "10.0.0.3", "n3:9000")] // in its IPv6 form
    [InlineData("other", "10.0.0.9", "127.0.1.1", "n3:9000")] // by a loopback line, as Debian writes for its own name
    public async Task A_node_finds_itself_by_name_or_address(string machine, string local, string thirdNode, string found)
    {
        HostTable hosts = new HostTable(machine, local)
            .With("n1", "10.0.0.101").With("n2", "10.0.0.102").With("n3", thirdNode).With("n4", "10.0.0.104");

        OwnNodeVerdict verdict = await FindAsync(FourNodes, hosts);

        Assert.Equal(OwnNodeOutcome.Found, verdict.Outcome);
        Assert.Equal(found, verdict.Node!.Name);
    }

    [Fact]
    public async Task Literal_addresses_need_no_resolver()
    {
        OwnNodeVerdict four = await FindAsync(["http://10.0.0.{1...4}/d"], new HostTable("", "10.0.0.2"));
        OwnNodeVerdict six = await FindAsync(["http://[fd00::{1...4}]/d"], new HostTable("", "fd00::3%7"));

        Assert.Equal("10.0.0.2:9000", four.Node!.Name);
        Assert.Equal("[fd00::3]:9000", six.Node!.Name);
    }

    [Fact]
    public async Task Nodes_of_one_machine_are_told_apart_by_their_port()
    {
        string[] arguments = ["http://localhost:9000/a", "http://localhost:9010/b"];
        HostTable hosts = new HostTable("m", "127.0.0.1").With("localhost", "127.0.0.1", "::1");

        Assert.Equal("localhost:9010", (await FindAsync(arguments, hosts, apiPort: 9010)).Node!.Name);
        OwnNodeVerdict wrong = await FindAsync(arguments, hosts, apiPort: 9020);
        Assert.Equal(OwnNodeOutcome.Refused, wrong.Outcome);
        Assert.Contains("this node listens on port 9020", wrong.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_cannot_be_resolved_yet_is_waited_for()
    {
        HostTable hosts = new HostTable("m", "10.0.0.3").With("n1", "10.0.0.1").With("n2", "10.0.0.2");

        OwnNodeVerdict early = await FindAsync(FourNodes, hosts);
        Assert.Equal(OwnNodeOutcome.NotYet, early.Outcome);
        Assert.Contains("n3, n4 cannot be resolved", early.Reason, StringComparison.Ordinal);

        Assert.Equal("n3:9000", (await FindAsync(FourNodes, hosts.With("n3", "10.0.0.3"))).Node!.Name);
    }

    [Fact]
    public async Task A_machine_that_is_not_in_the_list_is_told_so()
    {
        HostTable hosts = new HostTable("m", "10.0.0.9")
            .With("n1", "10.0.0.1").With("n2", "10.0.0.2").With("n3", "10.0.0.3").With("n4", "10.0.0.4");

        OwnNodeVerdict verdict = await FindAsync(FourNodes, hosts);

        Assert.Equal(OwnNodeOutcome.Refused, verdict.Outcome);
        Assert.Contains("none of n1:9000, n2:9000, n3:9000, n4:9000 is this machine", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_names_of_this_machine_are_refused()
    {
        HostTable hosts = new HostTable("m", "10.0.0.1").With("n1", "10.0.0.1").With("n2", "10.0.0.1");

        OwnNodeVerdict verdict = await FindAsync(["http://n{1...2}/d"], hosts);

        Assert.Equal(OwnNodeOutcome.Refused, verdict.Outcome);
        Assert.Contains("n1:9000, n2:9000 are all this node", verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("n3", "n3:9000")]
    [InlineData("N3:9000", "n3:9000")]
    [InlineData("n5", null)]
    [InlineData("n3:9001", null)]
    public async Task What_it_is_told_wins(string told, string? found)
    {
        HostTable hosts = new HostTable("n1", "10.0.0.1").With("n1", "10.0.0.1");

        OwnNodeVerdict verdict = await FindAsync(FourNodes, hosts, told: told);

        Assert.Equal(found, verdict.Node?.Name);
        Assert.Equal(found is null, verdict.Reason.Contains("accepted: one of n1:9000", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Paths_alone_are_this_node()
    {
        OwnNodeVerdict verdict = await FindAsync(["/d{1...4}"], new HostTable("m"));

        Assert.Equal(4, verdict.Node!.Endpoints.Count);
    }

    [Fact]
    public async Task The_operating_system_knows_its_own_loopback()
    {
        var system = new SystemHostAddresses();

        Assert.Contains(system.GetLocalAddresses(), System.Net.IPAddress.IsLoopback);
        Assert.Contains(
            await system.ResolveAsync("localhost", TestContext.Current.CancellationToken), System.Net.IPAddress.IsLoopback);
        Assert.Empty(await system.ResolveAsync("no-such-node.invalid", TestContext.Current.CancellationToken));
    }

    private static Task<OwnNodeVerdict> FindAsync(
        string[] arguments, IHostAddresses hosts, int apiPort = 9000, string? told = null)
    {
        Assert.Empty(ClusterTopology.Parse(arguments, new TopologyOptions(), out ClusterTopology? topology));
        return OwnNode.FindAsync(topology!, apiPort, told, hosts, TestContext.Current.CancellationToken);
    }
}
