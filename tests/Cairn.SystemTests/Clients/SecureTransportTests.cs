using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clients;

/// <summary>Over TLS the newer clients no longer sign their bodies but send checksums in trailers.</summary>
/// <remarks>
/// So these sessions meet another framing than the same ones over plain HTTP. rclone runs here with the profile of AWS
/// and nothing else.
/// </remarks>
public sealed class SecureTransportTests(SecureNode node) : IClassFixture<SecureNode>, IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly string _bucket = $"secure-{Guid.NewGuid():N}"[..24];

    [Fact]
    public async Task Rclone_with_the_plain_profile_of_aws_copies_and_checks()
    {
        var rclone = new ForeignProgram(UnstableClients.Rclone, _scratch.Location, new Dictionary<string, string>
        {
            ["RCLONE_CONFIG"] = "/dev/null",
            ["RCLONE_CONFIG_CAIRN_TYPE"] = "s3",
            ["RCLONE_CONFIG_CAIRN_PROVIDER"] = "AWS",
            ["RCLONE_CONFIG_CAIRN_ENDPOINT"] = Url,
            ["RCLONE_CONFIG_CAIRN_ACCESS_KEY_ID"] = node.Endpoint.AccessKey,
            ["RCLONE_CONFIG_CAIRN_SECRET_ACCESS_KEY"] = node.Endpoint.SecretKey,
            ["RCLONE_CONFIG_CAIRN_REGION"] = TestEndpoint.Region,
            ["RCLONE_CA_CERT"] = node.CertificatePath,
            ["RCLONE_RETRIES"] = "1",
            ["RCLONE_LOW_LEVEL_RETRIES"] = "1",
        });
        string tree = _scratch.CreateFolder("tree");
        Payload.WriteFile(Path.Combine(tree, "empty"), 1, 0);
        Payload.WriteFile(Path.Combine(tree, "a b+c.txt"), 2, 70_000);
        Payload.WriteFile(Path.Combine(tree, "deep", "big"), 3, 30L << 20);
        await rclone.CallAsync("copy", "--s3-upload-cutoff", "10M", tree, $"cairn:{_bucket}");
        await rclone.CallAsync("check", "--download", tree, $"cairn:{_bucket}");
        await rclone.CallAsync("sync", $"cairn:{_bucket}", _scratch.Combine("back"));
        Assert.Equal(Payload.HashTree(tree), Payload.HashTree(_scratch.Combine("back")));
    }

    [Theory]
    [InlineData("put_get_head")]
    [InlineData("multipart")]
    [InlineData("streamed")]
    [InlineData("checksums")]
    [InlineData("delete_objects")]
    public Task Boto3_session_passes(string session) =>
        new ForeignProgram(UnstableClients.Python, _scratch.Location, new Dictionary<string, string>
        {
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["AWS_CA_BUNDLE"] = node.CertificatePath,
            ["PYTHONWARNINGS"] = "ignore",
        }).CallAsync(
            RepositoryFolder.Source("Clients", "Python", "boto3_session.py"),
            session, Url, node.Endpoint.AccessKey, node.Endpoint.SecretKey, _bucket, _scratch.Location);

    [Theory]
    [InlineData("buffers")]
    [InlineData("streams")]
    [InlineData("keys")]
    public Task Aws_sdk_for_javascript_session_passes(string session) =>
        new ForeignProgram("/usr/bin/node", _scratch.Location, new Dictionary<string, string>
        {
            ["NODE_EXTRA_CA_CERTS"] = node.CertificatePath,
            ["NODE_NO_WARNINGS"] = "1",
        }).CallAsync(
            RepositoryFolder.Source("Clients", "JavaScript", "aws-sdk.mjs"),
            session, Url, node.Endpoint.AccessKey, node.Endpoint.SecretKey, _bucket, _scratch.Location);

    public void Dispose() => _scratch.Dispose();

    private string Url => node.Endpoint.Address.GetLeftPart(UriPartial.Authority);
}
