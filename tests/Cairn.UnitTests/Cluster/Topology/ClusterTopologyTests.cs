using Cairn.Cluster.Topology;
using Cairn.Testing.Simulation;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cairn.UnitTests.Cluster.Topology;

public sealed class ClusterTopologyTests
{
    private static readonly TopologyOptions Options = new() { WorkingDirectory = "/srv" };

    [Theory]
    [InlineData("/data", "/data")]
    [InlineData("data{1...2}", "/srv/data1 /srv/data2")]
    [InlineData("/data/ /x/../y//z", "/data /y/z")]
    [InlineData("http://n1:9000/data", "http://n1:9000/data")]
    [InlineData("http://n1/data", "http://n1:9000/data")]
    [InlineData("HTTP://N1.Example.COM./data/", "http://n1.example.com:9000/data")]
    [InlineData("https://n1:443/data", "https://n1:443/data")]
    [InlineData("http://10.0.0.1:9000/data", "http://10.0.0.1:9000/data")]
    [InlineData("http://[fd00:0:0::1]:9000/data", "http://[fd00::1]:9000/data")]
    [InlineData("http://[fd00::1]/data", "http://[fd00::1]:9000/data")]
    [InlineData("http://10.0.0.{1...2}/d", "http://10.0.0.1:9000/d http://10.0.0.2:9000/d")]
    [InlineData("http://[fd00::{a...b}]/d", "http://[fd00::a]:9000/d http://[fd00::b]:9000/d")]
    [InlineData("http://n{09...10}/d", "http://n09:9000/d http://n10:9000/d")]
    [InlineData("http://n{9...a}/d", "http://n9:9000/d http://na:9000/d")]
    [InlineData(
        "http://n{1...2}:9000/d{1...2}",
        "http://n1:9000/d1 http://n1:9000/d2 http://n2:9000/d1 http://n2:9000/d2")]
    [InlineData(
        "http://n2/a http://n1/b http://n{3...4}/c{1...2}",
        "http://n1:9000/b http://n2:9000/a http://n3:9000/c1 http://n3:9000/c2 http://n4:9000/c1 http://n4:9000/c2")]
    [InlineData("http://h:91{01...02}/d{01...02}x http://h:9103/e", null)]
    [InlineData("http://h:9101/a http://h:9201/b", "http://h:9101/a http://h:9201/b")]
    public void Arguments_stand_for_endpoints(string arguments, string? endpoints)
    {
        IReadOnlyList<string> problems = ClusterTopology.Parse(arguments.Split(' '), Options, out ClusterTopology? topology);
        if (endpoints is null)
        {
            Assert.NotEmpty(problems);
            return;
        }

        Assert.Empty(problems);
        Assert.Equal(endpoints.Split(' '), topology!.Endpoints.Select(endpoint => endpoint.ToString()));
    }

    [Theory]
    [InlineData("", "no drives are given")]
    [InlineData("/d{1..4}", "'/d{1..4}' has {1..4}, which is not a range")]
    [InlineData("http://n{1...4/d", "without its '}'")]
    [InlineData("ftp://n1/d", "accepted: http:// and https://")]
    [InlineData("http://n1", "names a node but no directory")]
    [InlineData("http://n1:9000", "names a node but no directory")]
    [InlineData("http://n1/", "root of the file system")]
    [InlineData("/", "root of the file system")]
    [InlineData("/x/..", "root of the file system")]
    [InlineData("http://n1:0/d", "the port '0'; accepted: 1 to 65535")]
    [InlineData("http://n1:65536/d", "the port '65536'")]
    [InlineData("http://n1:/d", "the port ''")]
    [InlineData("http://n1:http/d", "the port 'http'")]
    [InlineData("http:///d", "the host ''")]
    [InlineData("http://user@n1/d", "the host 'user@n1'")]
    [InlineData("http://-n1/d", "the host '-n1'")]
    [InlineData("http://n..1/d", "the host 'n..1'")]
    [InlineData("http://10.0.0.256/d", "the host '10.0.0.256'")]
    [InlineData("http://10.1/d", "the host '10.1'")]
    [InlineData("http://fd00::1/d", "the host 'fd00:'")]
    [InlineData("http://[fd00::1/d", "in brackets")]
    [InlineData("http://[n1]/d", "the host '[n1]'")]
    [InlineData("http://n1/d?x=1", "one of ? # %")]
    [InlineData("http://n1/d%20x", "one of ? # %")]
    [InlineData("http://n1/d /d", "mix a path on this node with an address")]
    [InlineData("/d http://n1/d", "mix a path on this node with an address")]
    [InlineData("http://n1/d https://n2/d", "accepted: one scheme for all nodes")]
    [InlineData("http://n1/d http://N1:9000/d/", "http://n1:9000/d is given twice")]
    [InlineData("/d /d", "/d is given twice")]
    [InlineData("/d /d/e/f", "/d/e/f lies inside another drive, /d")]
    [InlineData("/d /d-x /d/e", "/d/e lies inside another drive, /d")]
    [InlineData("http://n1:9000/d http://n1:9100/d", "are one directory of one host")]
    [InlineData("http://n1:65534/d", "no room for its cluster port 65536")]
    [InlineData("http://n1:9000/a http://n1:9002/b", "is the API port of another node there")]
    [InlineData("http://n1/d{1...257}", "257 drives of n1:9000; accepted: at most 256")]
    [InlineData("http://n{1...1025}/d", "1025 nodes; accepted: at most 1024")]
    [InlineData("http://n{1...1000}/d{1...17}", "more than 16384 drives")]
    public void What_cannot_be_is_refused_with_the_argument_and_what_is_accepted(string arguments, string reason)
    {
        IReadOnlyList<string> problems = ClusterTopology.Parse(
            arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), Options, out ClusterTopology? topology);

        Assert.Null(topology);
        string problem = Assert.Single(problems);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
        Assert.Contains("accepted: ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_named_at_once()
    {
        IReadOnlyList<string> problems = ClusterTopology.Parse(
            ["http://n1", "http://n{1..2}/d", "http://n3/d", "http://n4:x/d"], Options, out _);

        Assert.Equal(3, problems.Count);
    }

    [Fact]
    public void A_fixed_cluster_port_needs_a_host_for_each_node()
    {
        TopologyOptions options = Options with { ClusterPort = 7000 };

        Assert.Empty(ClusterTopology.Parse(["http://n{1...2}/d"], options, out ClusterTopology? topology));
        Assert.Equal(["n1:7000", "n2:7000"], topology!.Nodes.Select(node => node.ClusterAddress));
        Assert.Contains(
            "have the cluster port 7000",
            Assert.Single(ClusterTopology.Parse(["http://n1:9001/a", "http://n1:9005/b"], options, out _)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_has_its_drives_and_its_cluster_address()
    {
        Assert.Empty(ClusterTopology.Parse(["https://[::1]:9000/d{1...3}", "https://n2/e"], Options, out ClusterTopology? topology));

        Assert.Equal(["[::1]:9000", "n2:9000"], topology!.Nodes.Select(node => node.Name));
        Assert.Equal(["[::1]:9002", "n2:9002"], topology.Nodes.Select(node => node.ClusterAddress));
        Assert.Equal([3, 1], topology.Nodes.Select(node => node.Endpoints.Count));
        Assert.True(topology.IsDistributed);
    }

    [Fact]
    public void Neither_order_nor_notation_of_the_arguments_matters() => Prop.ForAll<int>(seed =>
    {
        var random = SimRandom.Named((ulong)seed, "notation");
        int nodes = random.Between(2, 12);
        int drives = random.Between(2, 5);
        List<string> listed =
        [
            .. from node in Enumerable.Range(1, nodes)
               from drive in Enumerable.Range(1, drives)
               select $"http://{(random.Chance(0.5) ? "NODE" : "node")}{node}{(random.Chance(0.5) ? ":9000" : "")}/data{drive}"
                   + (random.Chance(0.5) ? "/" : ""),
        ];
        for (int i = listed.Count - 1; i > 0; i--)
        {
            int other = random.Next(i + 1);
            (listed[i], listed[other]) = (listed[other], listed[i]);
        }

        ClusterTopology.Parse([$"http://node{{1...{nodes}}}/data{{1...{drives}}}"], Options, out ClusterTopology? range);
        ClusterTopology.Parse(listed, Options, out ClusterTopology? list);
        return new ClusterArguments(range!, []).Fingerprint == new ClusterArguments(list!, []).Fingerprint
            && range!.Nodes.Select(node => node.Name).SequenceEqual(list!.Nodes.Select(node => node.Name));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_argument_breaks_the_reader() => Prop.ForAll<NonNull<string>>(text =>
    {
        IReadOnlyList<string> problems = ClusterTopology.Parse([text.Get], Options, out ClusterTopology? topology);
        IReadOnlyList<string> addressed = ClusterTopology.Parse(["http://" + text.Get], Options, out ClusterTopology? remote);
        return problems.Count == 0 == topology is not null && addressed.Count == 0 == remote is not null;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
}
