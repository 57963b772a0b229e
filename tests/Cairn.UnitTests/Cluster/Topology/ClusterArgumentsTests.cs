using Cairn.Cluster.Topology;
using Xunit;

namespace Cairn.UnitTests.Cluster.Topology;

public sealed class ClusterArgumentsTests
{
    [Fact]
    public void Two_nodes_name_what_one_of_them_lacks()
    {
        ClusterArguments mine = Create(["http://n{1...2}/d"], ("EC", "EC:2"), ("ZONE", "a"));
        ClusterArguments theirs = Create(["http://n{1...3}/d"], ("EC", "EC:3"));

        Assert.NotEqual(mine.Fingerprint, theirs.Fingerprint);
        Assert.Equal(
            [
                "http://n3:9000/d is given on n2:9000 and not on n1:9000.",
                "EC is 'EC:2' on n1:9000 and 'EC:3' on n2:9000.",
                "ZONE is 'a' on n1:9000 and not set on n2:9000.",
            ],
            mine.FindDifferences(theirs, "n1:9000", "n2:9000"));
    }

    [Fact]
    public void What_was_sent_and_read_again_has_the_same_fingerprint()
    {
        ClusterArguments mine = Create(["https://n{1...4}/d{1...4}"], ("B", "2"), ("A", "1"));
        var read = new ClusterArguments(mine.Endpoints.Reverse().ToArray(), mine.Settings);

        Assert.Equal(mine.Fingerprint, read.Fingerprint);
        Assert.Empty(mine.FindDifferences(read, "n1", "n2"));
    }

    [Fact]
    public void Http_and_https_differ() => Assert.Equal(
        ["http://n1:9000/d is given on a and not on b.", "https://n1:9000/d is given on b and not on a."],
        Create(["http://n1/d"]).FindDifferences(Create(["https://n1/d"]), "a", "b"));

    [Fact]
    public void Neighbouring_fields_do_not_run_into_each_other() => Assert.NotEqual(
        new ClusterArguments([], [new("a", "b=1:c")]).Fingerprint,
        new ClusterArguments([], [new("a=5:b", "c")]).Fingerprint);

    [Fact]
    public void The_fingerprint_is_forever() => Assert.Equal(
        "a04e0de1361dae869e53ed4a0dba50d59c3dd96e893f4ca91cd1f70f59a4ab02", Create(["http://n{1...2}/d"], ("EC", "EC:2")).Fingerprint);

    private static ClusterArguments Create(string[] arguments, params (string Name, string Value)[] settings)
    {
        Assert.Empty(ClusterTopology.Parse(arguments, new TopologyOptions(), out ClusterTopology? topology));
        return new ClusterArguments(
            topology!, settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)));
    }
}
