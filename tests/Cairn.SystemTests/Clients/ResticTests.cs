using System.Text.Json;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clients;

/// <summary>restic, whose S3 side is minio-go: signed chunks without trailers.</summary>
public sealed class ResticTests : ClientSession
{
    private readonly ForeignProgram _restic;

    public ResticTests(ClientNode node)
        : base(node) =>
        _restic = new ForeignProgram("/usr/bin/restic", Scratch.Location, new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = Endpoint.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = Endpoint.SecretKey,
            ["AWS_DEFAULT_REGION"] = TestEndpoint.Region,
            ["RESTIC_REPOSITORY"] = $"s3:{Url}/{Bucket}/repository",
            ["RESTIC_PASSWORD"] = "password",
            ["RESTIC_CACHE_DIR"] = Scratch.Combine("cache"),
        });

    [Fact]
    public async Task Backup_is_checked_restored_forgotten_and_pruned()
    {
        var tree = WriteTree("tree");
        Payload.WriteFile(Path.Combine(tree, "big"), 40, 40L << 20);
        await _restic.CallAsync("init");
        await _restic.CallAsync("backup", tree);
        await _restic.CallAsync("check", "--read-data");

        File.Delete(Path.Combine(tree, "big"));
        Payload.WriteFile(Path.Combine(tree, "added"), 41, 3_000_000);
        await _restic.CallAsync("backup", tree);
        await _restic.CallAsync("restore", "latest", "--target", Scratch.Combine("restored"));
        AssertSameTree(tree, Scratch.Combine("restored") + tree);

        await _restic.CallAsync("forget", "--keep-last", "1", "--prune");
        await _restic.CallAsync("check", "--read-data");
        await _restic.CallAsync("restore", "latest", "--target", Scratch.Combine("again"));
        AssertSameTree(tree, Scratch.Combine("again") + tree);
        using var snapshots = JsonDocument.Parse((await _restic.CallAsync("snapshots", "--json")).Output);
        Assert.Equal(1, snapshots.RootElement.GetArrayLength());
    }
}
