using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clients;

/// <summary>Runs the sessions of the two npm clients, one process each.</summary>
public sealed class JavaScriptTests : ClientSession
{
    private readonly ForeignProgram _node;

    public JavaScriptTests(ClientNode node)
        : base(node) =>
        _node = new ForeignProgram("/usr/bin/node", Scratch.Location, new Dictionary<string, string>
        {
            // The end-of-support notice of the runtime would head every report.
            ["NODE_NO_WARNINGS"] = "1",
        });

    [Theory]
    [InlineData("buffers")]
    [InlineData("streams")]
    [InlineData("large")]
    [InlineData("presigned")]
    [InlineData("keys")]
    [InlineData("conditions")]
    [InlineData("versions")]
    [InlineData("tags")]
    public Task Aws_sdk_session_passes(string session) => RunAsync("aws-sdk.mjs", session);

    [Theory]
    [InlineData("objects")]
    [InlineData("large")]
    [InlineData("listing")]
    [InlineData("presigned")]
    [InlineData("copies")]
    [InlineData("tags")]
    [InlineData("versions")]
    [InlineData("unfinished")]
    public Task Minio_session_passes(string session) => RunAsync("minio.mjs", session);

    private Task<ProgramResult> RunAsync(string script, string session) =>
        _node.CallAsync(
            RepositoryFolder.Source("Clients", "JavaScript", script),
            session, Url, Endpoint.AccessKey, Endpoint.SecretKey, Bucket, Scratch.Location);
}
