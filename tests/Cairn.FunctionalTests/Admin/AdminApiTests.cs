using System.Net;
using System.Text.Json;
using Cairn.Client.Admin;
using Cairn.Client.S3;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Admin;

/// <summary>
/// Method: the typed client against a real endpoint for what works; raw requests for everything that must be refused,
/// of which each must answer in JSON with a code.
/// </summary>
public sealed class AdminApiTests(S3Server server)
{
    private const string Path = AdminPaths.Root + AdminPaths.Cluster;

    [Fact]
    public async Task Root_sees_the_nodes_and_their_drives()
    {
        using AdminClient client = new(Options(S3Server.SecretKey));
        ClusterStatus status = await client.GetClusterAsync(TestContext.Current.CancellationToken);
        NodeStatus node = Assert.Single(status.Nodes);
        Assert.Equal("node", status.AnsweredBy);
        Assert.Equal(("node", "active", "0.0-test"), (node.Name, node.State, node.Version));
        Assert.Equal(4, node.Drives.Count);
        Assert.All(node.Drives, drive => Assert.Equal("online", drive.State));
        Assert.Equal(new LayoutStatus(1, 4, 2, 1), status.Layout);
    }

    [Fact]
    public async Task CVE_2020_11012_wrong_secret_is_refused_with_a_code()
    {
        using AdminClient client = new(Options("another secret"));
        AdminException refused = await Assert.ThrowsAsync<AdminException>(
            () => client.GetClusterAsync(TestContext.Current.CancellationToken));
        Assert.Equal((HttpStatusCode.Forbidden, "SignatureDoesNotMatch"), (refused.Status, refused.Code));
        Assert.NotEmpty(refused.RequestId);
    }

    [Theory]
    [InlineData("GET", Path)]
    [InlineData("POST", Path)]
    [InlineData("GET", AdminPaths.Root + "unheard-of")]
    [InlineData("GET", AdminPaths.Root)]
    [InlineData("DELETE", AdminPaths.Root + "cluster/../cluster")]
    public async Task Stranger_is_told_nothing(string method, string path)
    {
        RawResponse got = await server.Raw.SendAsync(new RawRequest(method, path) { IsSigned = false });
        Assert.Equal((403, "AccessDenied"), (got.Status, ErrorOf(got).Code));
    }

    [Theory]
    [InlineData("POST", Path, 405, "MethodNotAllowed")]
    [InlineData("GET", AdminPaths.Root + "unheard-of", 404, "NoSuchOperation")]
    [InlineData("GET", Path + "/", 404, "NoSuchOperation")]
    [InlineData("GET", AdminPaths.Root, 404, "NoSuchOperation")]
    public async Task Root_is_told_what_does_not_exist(string method, string path, int status, string code)
    {
        RawResponse got = await server.Raw.SendAsync(new RawRequest(method, path));
        Assert.Equal((status, code), (got.Status, ErrorOf(got).Code));
    }

    // A link is handed to others, and so is the right to send any body.
    [Fact]
    public async Task Presigned_link_and_unsigned_body_do_not_administer()
    {
        string link = server.Raw.Presign(new RawRequest("GET", Path), TimeSpan.FromMinutes(1));
        using var http = new HttpClient();
        using HttpResponseMessage presigned = await http.GetAsync(
            new Uri(server.Address, $"{Path}?{link}"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, presigned.StatusCode);
        string body = await presigned.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("AccessDenied", body, StringComparison.Ordinal);

        RawResponse unsigned = await server.Raw.SendAsync(new RawRequest("GET", Path) { PayloadHash = "UNSIGNED-PAYLOAD" });
        Assert.Equal((403, "AccessDenied"), (unsigned.Status, ErrorOf(unsigned).Code));
    }

    // Path and key of such a bucket would be the admin API's.
    [Fact]
    public async Task Bucket_of_the_same_name_cannot_be_made()
    {
        RawResponse got = await server.Raw.PutAsync("/cairn", "");
        Assert.Equal((400, "InvalidBucketName"), (got.Status, got.Code));
    }

    [Fact]
    public async Task Same_path_in_a_bucket_of_a_virtual_host_is_a_key()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", Path) { Host = $"{bucket}.{S3Server.Domain}" });
        Assert.Equal((404, "NoSuchKey"), (got.Status, got.Code));
    }

    private S3ClientOptions Options(string secret) => new()
    {
        Endpoint = server.Address,
        AccessKey = S3Server.AccessKey,
        SecretKey = secret,
    };

    private static AdminError ErrorOf(RawResponse response)
    {
        Assert.Equal("application/json", response.Header("Content-Type"));
        return JsonSerializer.Deserialize(response.Body, AdminJson.Default.AdminError)!;
    }
}
