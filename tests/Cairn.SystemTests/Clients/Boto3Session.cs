using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clients;

/// <summary>Runs the sessions of Python/boto3_session.py, one process each.</summary>
public abstract class Boto3Session : ClientSession
{
    private readonly ForeignProgram _python;

    protected Boto3Session(ClientNode node, string python)
        : base(node) =>
        _python = new ForeignProgram(python, Scratch.Location, new Dictionary<string, string>
        {
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["PYTHONWARNINGS"] = "ignore",
        });

    [Theory]
    [InlineData("put_get_head")]
    [InlineData("ranges")]
    [InlineData("conditional_reads")]
    [InlineData("conditional_writes")]
    [InlineData("multipart")]
    [InlineData("large_file")]
    [InlineData("streamed")]
    [InlineData("checksums")]
    [InlineData("presigned")]
    [InlineData("versions")]
    [InlineData("tags")]
    [InlineData("pagination")]
    [InlineData("delete_objects")]
    [InlineData("copy")]
    [InlineData("odd_keys")]
    [InlineData("buckets")]
    [InlineData("strangers")]
    public Task Session_passes(string session) =>
        _python.CallAsync(
            RepositoryFolder.Source("Clients", "Python", "boto3_session.py"),
            session, Url, Endpoint.AccessKey, Endpoint.SecretKey, Bucket, Scratch.Location);
}
