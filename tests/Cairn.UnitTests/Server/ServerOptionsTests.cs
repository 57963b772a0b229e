using Cairn.Cluster.Membership;
using Cairn.Server.Options;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Cairn.UnitTests.Server;

public sealed class ServerOptionsTests
{
    private readonly Dictionary<string, string> _flags = [];
    private readonly Dictionary<string, string> _environment = [];
    private string[] _drives = ["/d{1...4}"];

    [Fact]
    public void Drives_alone_are_enough()
    {
        ServerModel model = Accept();
        Assert.Equal(["/d1", "/d2", "/d3", "/d4"], model.Topology.AsGiven.Select(endpoint => endpoint.Path));
        Assert.Equal(":9000", model.Address.ToString());
        Assert.Equal("us-east-1", model.Region);
        Assert.Equal("/.cairn-credentials", model.CredentialsFile);
        Assert.Null(model.RootCredential);
        Assert.Null(model.StandardParity);
        Assert.Null(model.Certificate);
        Assert.True(model.IsSignatureV2Allowed);
        Assert.Equal(TimeSpan.FromSeconds(30), model.DrainTimeout);
        Assert.Equal(LogLevel.Information, model.LogLevel);
    }

    [Fact]
    public void Membership_has_its_documented_pace_and_keeps_its_order()
    {
        MembershipOptions membership = Accept().Membership;
        Assert.Equal(
            (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15)),
            (membership.GossipPeriod, membership.HeartbeatPeriod, membership.FailedAfter));
        _environment["CAIRN_GOSSIP_SECONDS"] = "10";
        _flags["--failed-after-seconds"] = "4";
        IReadOnlyList<string> problems = Refuse();
        Assert.Contains(problems, problem => problem.Contains("--heartbeat-seconds", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("--failed-after-seconds", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("CAIRN_VOLUMES")]
    [InlineData("MINIO_VOLUMES")]
    [InlineData("RUSTFS_VOLUMES")]
    public void Drives_come_from_the_environment_when_none_are_given(string name)
    {
        _drives = [];
        _environment[name] = " /a{1...2}  /b ";
        Assert.Equal(["/a1", "/a2", "/b"], Accept().Topology.AsGiven.Select(endpoint => endpoint.Path));
    }

    [Fact]
    public void A_flag_wins_over_the_environment_and_our_own_name_over_an_alias()
    {
        _environment["MINIO_REGION"] = "alias";
        Assert.Equal("alias", Accept().Region);
        _environment["CAIRN_REGION"] = "own";
        Assert.Equal("own", Accept().Region);
        _flags["--region"] = "flag";
        Assert.Equal("flag", Accept().Region);
    }

    [Theory]
    [InlineData("CAIRN_ROOT_USER", "CAIRN_ROOT_PASSWORD")]
    [InlineData("MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD")]
    [InlineData("MINIO_ACCESS_KEY", "MINIO_SECRET_KEY")]
    [InlineData("RUSTFS_ROOT_USER", "RUSTFS_ROOT_PASSWORD")]
    [InlineData("RUSTFS_ACCESS_KEY", "RUSTFS_SECRET_KEY")]
    public void The_root_credential_comes_from_any_of_its_names(string user, string password)
    {
        _environment[user] = "someone";
        _environment[password] = "long enough";
        Assert.Equal(new RootCredential("someone", "long enough"), Accept().RootCredential);
    }

    [Fact]
    public async Task The_root_credential_comes_from_files_without_their_last_line_break()
    {
        string user = Path.GetTempFileName();
        string password = Path.GetTempFileName();
        await File.WriteAllTextAsync(user, "someone\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(password, "long enough\r\n", TestContext.Current.CancellationToken);
        _environment["CAIRN_ROOT_USER_FILE"] = user;
        _environment["MINIO_ROOT_PASSWORD_FILE"] = password;
        Assert.Equal(new RootCredential("someone", "long enough"), Accept().RootCredential);
        File.Delete(user);
        File.Delete(password);
        Assert.Equal(2, Refuse().Count(problem => problem.Contains("cannot read", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_secret_has_no_flag()
    {
        _flags["--root-user"] = "someone";
        _flags["--root-password"] = "long enough";
        Assert.Null(Accept().RootCredential);
    }

    [Theory]
    [InlineData("CAIRN_ROOT_USER", "someone", "CAIRN_ROOT_PASSWORD")]
    [InlineData("CAIRN_ROOT_PASSWORD", "long enough", "CAIRN_ROOT_USER")]
    public void Half_a_credential_is_refused(string name, string value, string missing)
    {
        _environment[name] = value;
        Assert.StartsWith(missing, Assert.Single(Refuse()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ab", "long enough")]
    [InlineData("with/slash", "long enough")]
    [InlineData("with space", "long enough")]
    [InlineData("someone", "short")]
    [InlineData("someone", " padded secret")]
    public void A_credential_that_clients_could_not_use_is_refused_without_showing_the_secret(string user, string password)
    {
        _environment["CAIRN_ROOT_USER"] = user;
        _environment["CAIRN_ROOT_PASSWORD"] = password;
        Assert.DoesNotContain(password, Assert.Single(Refuse()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--address", "9000")]
    [InlineData("--address", "host.example:9000")]
    [InlineData("--address", "::1:9000")]
    [InlineData("--address", ":65536")]
    [InlineData("--address", ":-1")]
    [InlineData("--console-address", "x")]
    [InlineData("--region", "EU West")]
    [InlineData("--domain", "not a name")]
    [InlineData("--domain", "a.example,,b.example")]
    [InlineData("--storage-class-standard", "4")]
    [InlineData("--storage-class-standard", "EC:-1")]
    [InlineData("--storage-class-standard", "EC:3")]
    [InlineData("--storage-class-rrs", "EC:9")]
    [InlineData("--wal-dir", "/d1/wal")]
    [InlineData("--wal-dir", "/d2")]
    [InlineData("--certs-dir", "/nowhere")]
    [InlineData("--signature-v2", "maybe")]
    [InlineData("--drain-seconds", "1.5")]
    [InlineData("--drain-seconds", "100000")]
    [InlineData("--log-format", "xml")]
    [InlineData("--log-level", "loud")]
    public void A_value_that_is_not_accepted_is_named_with_what_is(string flag, string value)
    {
        _flags[flag] = value;
        Assert.All(Refuse(), problem =>
        {
            Assert.StartsWith($"{flag} (CAIRN_", problem, StringComparison.Ordinal);
            Assert.Contains("; accepted: ", problem, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("127.0.0.1:1", "127.0.0.1:1")]
    [InlineData("[::1]:0", "[::1]:0")]
    [InlineData("localhost:80", "127.0.0.1:80")]
    public void Addresses_are_understood(string text, string expected)
    {
        _flags["--address"] = text;
        Assert.Equal(expected, Accept().Address.ToString());
    }

    [Fact]
    public void All_problems_are_reported_at_once()
    {
        _drives = ["/d{1..4}"];
        _flags["--address"] = "x";
        _flags["--region"] = "X";
        _environment["CAIRN_ROOT_USER"] = "someone";
        Assert.Equal(4, Refuse().Count);
    }

    [Theory]
    [InlineData("/d1 /d{1...2}", "given twice")]
    [InlineData("/d1 /d1/", "given twice")]
    [InlineData("/d1 /d1/inner", "lies inside")]
    [InlineData("", "no drives")]
    public void Drives_that_cannot_be_used_together_are_refused(string drives, string reason)
    {
        _drives = drives.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(Refuse(), problem => problem.Contains(reason, StringComparison.Ordinal));
    }

    // A later start must find the credentials and the places of the drives where the first one left them.
    [Fact]
    public void First_drive_is_the_first_that_was_given()
    {
        _drives = ["/b/d1", "/a/d2"];
        Assert.Equal("/b/.cairn-credentials", Accept().CredentialsFile);
        Assert.Equal(["/b/d1", "/a/d2"], Accept().Topology.AsGiven.Select(endpoint => endpoint.Path));
    }

    [Fact]
    public void Nodes_need_a_proof_of_each_other_and_one_root_credential()
    {
        _drives = ["http://node{1...4}:9000/d{1...2}"];
        IReadOnlyList<string> problems = Refuse();
        Assert.Contains(problems, problem => problem.StartsWith("CAIRN_CLUSTER_SECRET: ", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("CAIRN_ROOT_USER: ", StringComparison.Ordinal));
        _environment["CAIRN_CLUSTER_SECRET"] = "0123456789abcdef";
        _environment["CAIRN_ROOT_USER"] = "someone";
        _environment["CAIRN_ROOT_PASSWORD"] = "something-long";
        Assert.Equal(8, Accept().Topology.Endpoints.Count());
    }

    [Fact]
    public void Reduced_redundancy_may_not_protect_more_than_standard()
    {
        _flags["--storage-class-standard"] = "EC:1";
        _flags["--storage-class-rrs"] = "EC:2";
        Assert.Contains("EC:2 protects more than STANDARD's EC:1", Assert.Single(Refuse()), StringComparison.Ordinal);
    }

    [Fact]
    public void Domains_are_split_and_lowered()
    {
        _flags["--domain"] = "S3.Example.com, store.local";
        Assert.Equal(["s3.example.com", "store.local"], Accept().Domains);
    }

    private ServerModel Accept()
    {
        Assert.Empty(ServerOptionsValidator.Validate(Read(), out ServerModel? model));
        return model!;
    }

    private IReadOnlyList<string> Refuse()
    {
        IReadOnlyList<string> problems = ServerOptionsValidator.Validate(Read(), out ServerModel? model);
        Assert.Null(model);
        Assert.NotEmpty(problems);
        return problems;
    }

    private ServerOptions Read() => ServerOptions.Read(
        _drives, setting => _flags.GetValueOrDefault(setting.Flag), name => _environment.GetValueOrDefault(name));
}
