using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clients;

/// <summary>s3cmd: asks for the location before every command, lists with version 1, signs everything.</summary>
public sealed class S3cmdTests : ClientSession
{
    private readonly ForeignProgram _s3cmd;

    public S3cmdTests(ClientNode node)
        : base(node)
    {
        var host = Endpoint.Address.Authority;
        File.WriteAllText(Scratch.Combine(".s3cfg"), $"""
            [default]
            access_key = {Endpoint.AccessKey}
            secret_key = {Endpoint.SecretKey}
            host_base = {host}
            host_bucket = {host}
            use_https = False
            max_retries = 1
            """);
        _s3cmd = new ForeignProgram("/usr/bin/s3cmd", Scratch.Location, new Dictionary<string, string>());
    }

    [Fact]
    public async Task Files_small_and_multipart_make_the_round_trip()
    {
        await _s3cmd.CallAsync("mb", $"s3://{Bucket}");
        Assert.Contains((await _s3cmd.CallAsync("ls")).Lines, line => line.EndsWith($"s3://{Bucket}", StringComparison.Ordinal));
        foreach (var (name, size) in new[] { ("empty", 0L), ("a b+c.txt", 1_234L), ("large.bin", LargeSize) })
        {
            var source = Payload.WriteFile(Scratch.Combine(name), 20, size);
            await _s3cmd.CallAsync("put", "--no-progress", source, $"s3://{Bucket}/{name}");
            await _s3cmd.CallAsync("get", "--no-progress", $"s3://{Bucket}/{name}", Scratch.Combine("back"), "--force");
            Assert.Equal(Payload.HashFile(source), Payload.HashFile(Scratch.Combine("back")));
        }

        var listing = (await _s3cmd.CallAsync("ls", $"s3://{Bucket}")).Lines;
        Assert.Equal(3, listing.Length);
        Assert.Contains(listing, line => line.Contains($"{LargeSize}  s3://{Bucket}/large.bin", StringComparison.Ordinal));

        await _s3cmd.CallAsync("cp", $"s3://{Bucket}/a b+c.txt", $"s3://{Bucket}/copied");
        var description = await _s3cmd.CallAsync("info", $"s3://{Bucket}/copied");
        Assert.Contains("1234", description.Output, StringComparison.Ordinal);
        await _s3cmd.CallAsync("mv", $"s3://{Bucket}/copied", $"s3://{Bucket}/moved");
        await _s3cmd.CallAsync("del", "--recursive", "--force", $"s3://{Bucket}");
        Assert.Empty((await _s3cmd.CallAsync("ls", $"s3://{Bucket}")).Lines);
        await _s3cmd.CallAsync("rb", $"s3://{Bucket}");
    }

    [Fact]
    public async Task Tree_synchronises_up_and_down_and_follows_deletes()
    {
        await _s3cmd.CallAsync("mb", $"s3://{Bucket}");
        var tree = WriteTree("tree");
        // s3cmd skips empty files by its own choice when it downloads a tree.
        File.Delete(Path.Combine(tree, "empty"));
        await _s3cmd.CallAsync("sync", "--no-progress", tree + "/", $"s3://{Bucket}/t/");
        await _s3cmd.CallAsync("sync", "--no-progress", $"s3://{Bucket}/t/", Scratch.CreateFolder("down") + "/");
        AssertSameTree(tree, Scratch.Combine("down"));

        File.Delete(Path.Combine(tree, "deep.bin"));
        Payload.WriteFile(Path.Combine(tree, "top.txt"), 21, 99);
        await _s3cmd.CallAsync("sync", "--no-progress", "--delete-removed", tree + "/", $"s3://{Bucket}/t/");
        await _s3cmd.CallAsync("sync", "--no-progress", "--delete-removed", $"s3://{Bucket}/t/", Scratch.Combine("down") + "/");
        AssertSameTree(tree, Scratch.Combine("down"));
    }
}
