using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clients;

/// <summary>The generation that sends unsigned chunks with a checksum in the trailer.</summary>
public sealed class AwsCliOfDebianUnstableTests(ClientNode node) : AwsCliSession(node, UnstableClients.Aws)
{
    [Fact]
    public async Task Conditional_write_creates_once()
    {
        await AwsAsync("s3", "mb", $"s3://{Bucket}");
        var source = Payload.WriteFile(Scratch.Combine("once"), 13, 50);
        string[] create = ["s3api", "put-object", "--bucket", Bucket, "--key", "once", "--body", source, "--if-none-match", "*"];
        await AwsAsync(create);

        var second = await RunAsync(create);
        Assert.NotEqual(0, second.ExitCode);
        Assert.Contains("PreconditionFailed", second.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CRC32")]
    [InlineData("CRC32C")]
    [InlineData("CRC64NVME")]
    [InlineData("SHA1")]
    [InlineData("SHA256")]
    public async Task Checksum_of_every_algorithm_is_kept_and_returned(string algorithm)
    {
        await AwsAsync("s3", "mb", $"s3://{Bucket}");
        var source = Payload.WriteFile(Scratch.Combine("body"), 14, 100_000);
        var put = await AwsJsonAsync(
            "s3api", "put-object", "--bucket", Bucket, "--key", "k", "--body", source, "--checksum-algorithm", algorithm);
        var head = await AwsJsonAsync(
            "s3api", "head-object", "--bucket", Bucket, "--key", "k", "--checksum-mode", "ENABLED");
        Assert.Equal(
            put.GetProperty("Checksum" + algorithm).GetString(),
            head.GetProperty("Checksum" + algorithm).GetString());
    }
}
