using System.Text.Json;
using Cairn.Api.Health;
using Cairn.Api.S3;
using Cairn.Client.Admin;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Health;

/// <summary>
/// Method: a store that is well, one that leaves, one without enough drives: what each health address answers to an
/// unsigned request. Clocks and lost nodes are the system tests' business.
/// </summary>
public sealed class HealthTests(S3Server server)
{
    [Fact]
    public async Task Live_is_ok() => Assert.Equal("ok", (await GetAsync(server.Address, "/health/live", 200)).Text);

    [Fact]
    public async Task Ready_says_so_for_machines()
    {
        ReadinessReport report = ReportOf(await GetAsync(server.Address, "/health/ready", 200));
        Assert.True(report is { IsReady: true, CanRead: true, CanWrite: true });
        Assert.Empty(report.Reasons);
    }

    [Theory]
    [InlineData("/minio/health/live")]
    [InlineData("/minio/health/ready")]
    [InlineData("/minio/health/cluster")]
    [InlineData("/minio/health/cluster/read")]
    public async Task MinIO_paths_answer_with_empty_bodies_to_GET_and_HEAD(string path)
    {
        Assert.Empty((await GetAsync(server.Address, path, 200)).Body);
        RawResponse head = await server.Raw.SendAsync(new RawRequest("HEAD", path) { IsSigned = false });
        Assert.Equal(200, head.Status);
    }

    [Fact]
    public async Task Cluster_checks_name_their_quorums()
    {
        RawResponse write = await GetAsync(server.Address, "/minio/health/cluster", 200);
        Assert.Equal(("3", "true"), (write.Header("X-Minio-Write-Quorum"), write.Header("X-Minio-Storage-Class-Defaults")));
        RawResponse read = await GetAsync(server.Address, "/minio/health/cluster/read", 200);
        Assert.Equal("2", read.Header("X-Minio-Read-Quorum"));
    }

    // All drives of this store are this node's: without it there is nothing.
    [Theory]
    [InlineData("/minio/health/cluster")]
    [InlineData("/minio/health/cluster/read")]
    public async Task Maintenance_of_the_only_node_is_refused(string path)
    {
        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("GET", path) { Query = "maintenance=true", IsSigned = false });
        Assert.Equal((412, "offline"), (got.Status, got.Header("X-Minio-Server-Status")));
    }

    [Fact]
    public async Task Node_that_leaves_is_not_ready_serves_on_and_closes_its_connections()
    {
        var serving = new ServingState();
        Uri address = await server.StartAsync(new S3Options(), serving);
        using RawConnection kept = await new RawS3(address, server.Signer).ConnectAsync();
        await kept.SendAsync(Request(address, "/health/live"));
        Assert.False((await kept.ReceiveAsync()).IsClosed);

        serving.Leave();
        RawResponse ready = await GetAsync(address, "/health/ready", 503);
        ReadinessReason reason = Assert.Single(ReportOf(ready).Reasons);
        Assert.Equal(("leaving", true), (reason.Code, reason.IsBlocking));
        await GetAsync(address, "/minio/health/ready", 503);
        await GetAsync(address, "/minio/health/live", 200);

        RawResponse served = await new RawS3(address, server.Signer).GetAsync("/");
        Assert.Equal(200, served.Status);
        await kept.SendAsync(Request(address, "/health/live"));
        Assert.True((await kept.ReceiveAsync()).IsClosed);
    }

    [Fact]
    public async Task Restart_is_asked_for_by_root_and_told_to_whoever_runs_the_node()
    {
        var serving = new ServingState();
        Uri address = await server.StartAsync(new S3Options(), serving);
        RawResponse stranger = await new RawS3(address, server.Signer).SendAsync(
            new RawRequest("POST", AdminPaths.Root + AdminPaths.Restart) { IsSigned = false });
        Assert.Equal(403, stranger.Status);
        Assert.False(serving.RestartRequested.IsCompleted);
        RawResponse asked = await new RawS3(address, server.Signer).SendAsync(
            new RawRequest("POST", AdminPaths.Root + AdminPaths.Restart));
        Assert.Equal(202, asked.Status);
        Assert.Contains(serving.Instance, asked.Text, StringComparison.Ordinal);
        await serving.RestartRequested.WaitAsync(TestContext.Current.CancellationToken);
    }

    private async Task<RawResponse> GetAsync(Uri address, string path, int status)
    {
        RawResponse got = await new RawS3(address, server.Signer).SendAsync(new RawRequest("GET", path) { IsSigned = false });
        Assert.True(status == got.Status, $"{path}: {got.Status} {got.Text}");
        return got;
    }

    private static string Request(Uri address, string path) => $"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n";

    private static ReadinessReport ReportOf(RawResponse response) =>
        JsonSerializer.Deserialize(response.Body, AdminJson.Default.ReadinessReport)!;
}
