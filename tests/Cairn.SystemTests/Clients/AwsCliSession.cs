using System.Net;
using System.Text.Json;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clients;

/// <summary>A scripted day with the aws command line.</summary>
/// <remarks>
/// The tests arrange local files, run the real program, and compare contents by hash and listings by name and size,
/// never only exit codes. What the CLI uploads is downloaded by the CLI, and once by plain HTTP.
/// </remarks>
public abstract class AwsCliSession : ClientSession
{
    private readonly ForeignProgram _aws;

    protected AwsCliSession(ClientNode node, string program)
        : base(node) =>
        _aws = new ForeignProgram(program, Scratch.Location, new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = Endpoint.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = Endpoint.SecretKey,
            ["AWS_DEFAULT_REGION"] = TestEndpoint.Region,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["AWS_PAGER"] = "",
            ["AWS_MAX_ATTEMPTS"] = "1",
        });

    [Fact]
    public async Task Bucket_is_made_listed_and_removed()
    {
        await AwsAsync("s3", "mb", $"s3://{Bucket}");
        Assert.Contains((await AwsAsync("s3", "ls")).Lines, line => line.EndsWith(Bucket, StringComparison.Ordinal));

        await AwsAsync("s3", "rb", $"s3://{Bucket}");
        Assert.DoesNotContain((await AwsAsync("s3", "ls")).Lines, line => line.EndsWith(Bucket, StringComparison.Ordinal));

        var again = await RunAsync("s3", "rb", $"s3://{Bucket}");
        Assert.NotEqual(0, again.ExitCode);
        Assert.Contains("NoSuchBucket", again.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_small_and_of_200_MB_make_the_round_trip_and_a_server_side_copy()
    {
        await AwsAsync("s3", "mb", $"s3://{Bucket}");
        foreach (var (name, size) in new[] { ("empty", 0L), ("small", 1_234L), ("large.bin", LargeSize) })
        {
            var source = Payload.WriteFile(Scratch.Combine(name), seed: 7, size);
            await AwsAsync("s3", "cp", source, $"s3://{Bucket}/in/{name}");
            await AwsAsync("s3", "cp", $"s3://{Bucket}/in/{name}", $"s3://{Bucket}/copy/{name}");
            await AwsAsync("s3", "cp", $"s3://{Bucket}/copy/{name}", Scratch.Combine(name + ".back"));
            Assert.Equal(Payload.HashFile(source), Payload.HashFile(Scratch.Combine(name + ".back")));
        }

        var listing = (await AwsAsync("s3", "ls", "--recursive", $"s3://{Bucket}/")).Lines;
        Assert.Equal(6, listing.Length);
        Assert.Contains(listing, line => line.EndsWith($" {LargeSize} in/large.bin", StringComparison.Ordinal));

        var head = await AwsJsonAsync("s3api", "head-object", "--bucket", Bucket, "--key", "in/large.bin");
        Assert.Equal(LargeSize, head.GetProperty("ContentLength").GetInt64());
        Assert.EndsWith("-25\"", head.GetProperty("ETag").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tree_synchronises_up_and_down_and_follows_deletes_and_changes()
    {
        await AwsAsync("s3", "mb", $"s3://{Bucket}");
        var tree = WriteTree("tree");
        await AwsAsync("s3", "sync", tree, $"s3://{Bucket}/t");
        await AwsAsync("s3", "sync", $"s3://{Bucket}/t", Scratch.Combine("down"));
        AssertSameTree(tree, Scratch.Combine("down"));

        var idle = await AwsAsync("s3", "sync", tree, $"s3://{Bucket}/t");
        Assert.Empty(idle.Lines);

        File.Delete(Path.Combine(tree, "a b+c.txt"));
        Payload.WriteFile(Path.Combine(tree, "top.txt"), 8, 11);
        Payload.WriteFile(Path.Combine(tree, "new", "one"), 9, 12);
        await AwsAsync("s3", "sync", "--delete", tree, $"s3://{Bucket}/t");
        await AwsAsync("s3", "sync", "--delete", $"s3://{Bucket}/t", Scratch.Combine("down"));
        AssertSameTree(tree, Scratch.Combine("down"));

        await AwsAsync("s3", "mv", "--recursive", $"s3://{Bucket}/t/deep", $"s3://{Bucket}/moved");
        await AwsAsync("s3", "sync", $"s3://{Bucket}/moved", Scratch.Combine("moved"));
        AssertSameTree(Path.Combine(tree, "deep"), Scratch.Combine("moved"));

        await AwsAsync("s3", "rm", "--recursive", $"s3://{Bucket}");
        Assert.Empty((await RunAsync("s3", "ls", "--recursive", $"s3://{Bucket}/")).Lines);
        await AwsAsync("s3", "rb", $"s3://{Bucket}");
    }

    [Fact]
    public async Task Presigned_url_serves_anyone_until_it_is_altered()
    {
        await AwsAsync("s3", "mb", $"s3://{Bucket}");
        var source = Payload.WriteFile(Scratch.Combine("a b+c.txt"), 10, 5_000);
        await AwsAsync("s3", "cp", source, $"s3://{Bucket}/a b+c.txt");
        var url = (await AwsAsync("s3", "presign", $"s3://{Bucket}/a b+c.txt", "--expires-in", "300")).Output.Trim();

        using var browser = new HttpClient();
        var body = await browser.GetByteArrayAsync(new Uri(url), TestContext.Current.CancellationToken);
        Assert.Equal(Payload.HashFile(source), Payload.Hash(body));

        var altered = url.Replace("c.txt", "d.txt", StringComparison.Ordinal);
        using var refused = await browser.GetAsync(new Uri(altered), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task Versions_survive_a_delete_and_come_back()
    {
        await AwsAsync("s3", "mb", $"s3://{Bucket}");
        await AwsAsync("s3api", "put-bucket-versioning", "--bucket", Bucket, "--versioning-configuration", "Status=Enabled");
        var first = Payload.WriteFile(Scratch.Combine("first"), 11, 100);
        var second = Payload.WriteFile(Scratch.Combine("second"), 12, 200_000);
        await AwsAsync("s3", "cp", first, $"s3://{Bucket}/doc");
        await AwsAsync("s3", "cp", second, $"s3://{Bucket}/doc");
        await AwsAsync("s3", "rm", $"s3://{Bucket}/doc");
        Assert.NotEqual(0, (await RunAsync("s3", "cp", $"s3://{Bucket}/doc", Scratch.Combine("gone"))).ExitCode);

        var listing = await AwsJsonAsync("s3api", "list-object-versions", "--bucket", Bucket);
        var versions = listing.GetProperty("Versions").EnumerateArray().ToList();
        Assert.Equal([200_000L, 100L], versions.Select(v => v.GetProperty("Size").GetInt64()));
        Assert.All(versions, version => Assert.False(version.GetProperty("IsLatest").GetBoolean()));
        var marker = Assert.Single(listing.GetProperty("DeleteMarkers").EnumerateArray());
        Assert.True(marker.GetProperty("IsLatest").GetBoolean());

        await AwsAsync("s3api", "get-object", "--bucket", Bucket, "--key", "doc",
            "--version-id", versions[1].GetProperty("VersionId").GetString()!, Scratch.Combine("first.back"));
        Assert.Equal(Payload.HashFile(first), Payload.HashFile(Scratch.Combine("first.back")));

        await AwsAsync("s3api", "delete-object", "--bucket", Bucket, "--key", "doc",
            "--version-id", marker.GetProperty("VersionId").GetString()!);
        await AwsAsync("s3", "cp", $"s3://{Bucket}/doc", Scratch.Combine("second.back"));
        Assert.Equal(Payload.HashFile(second), Payload.HashFile(Scratch.Combine("second.back")));
    }

    [Fact]
    public async Task Listing_pages_and_folders_are_complete()
    {
        await AwsAsync("s3", "mb", $"s3://{Bucket}");
        var tree = Scratch.CreateFolder("many");
        for (var i = 0; i < 60; i++)
        {
            Payload.WriteFile(Path.Combine(tree, $"f{i % 3}", $"{i:D3}"), i, 10);
        }

        await AwsAsync("s3", "sync", tree, $"s3://{Bucket}");
        var folders = (await AwsAsync("s3", "ls", $"s3://{Bucket}/")).Lines;
        Assert.Equal(["PRE f0/", "PRE f1/", "PRE f2/"], folders);

        foreach (var operation in (string[])["list-objects", "list-objects-v2"])
        {
            var listing = await AwsJsonAsync("s3api", operation, "--bucket", Bucket, "--page-size", "7");
            Assert.Equal(
                Enumerable.Range(0, 60).Select(i => $"f{i % 3}/{i:D3}").Order(StringComparer.Ordinal),
                listing.GetProperty("Contents").EnumerateArray().Select(o => o.GetProperty("Key").GetString()!));
        }
    }

    private protected Task<ProgramResult> RunAsync(params string[] arguments) =>
        _aws.RunAsync(["--endpoint-url", Url, .. arguments]);

    private protected async Task<ProgramResult> AwsAsync(params string[] arguments) =>
        (await RunAsync(Quiet(arguments))).EnsureSuccess();

    private protected async Task<JsonElement> AwsJsonAsync(params string[] arguments)
    {
        var result = await AwsAsync([.. arguments, "--output", "json"]);
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }

    // The progress lines of a 200 MB transfer would fill the report of a failure.
    private static string[] Quiet(string[] arguments) =>
        arguments is ["s3", "cp" or "sync" or "mv", ..] ? [.. arguments, "--no-progress"] : arguments;
}
