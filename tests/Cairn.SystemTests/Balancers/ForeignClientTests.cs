using Cairn.SystemTests.Clients;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Balancers;

/// <summary>A few sessions of foreign clients through the delivered configurations, each request to whichever node.</summary>
/// <remarks>
/// Chosen for what balancers spoil: signed headers and paths, bodies with trailers, expectations, ranges, long streams.
/// Not tested here: all the other sessions, which CAIRN_CLIENTS_VIA sends the same way (docs/testing.md).
/// </remarks>
public sealed class ForeignClientTests(BalancedCluster cluster) : IClassFixture<BalancedCluster>, IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly string _bucket = $"balanced-{Guid.NewGuid():N}"[..24];

    [Theory]
    [InlineData("haproxy", "put_get_head")]
    [InlineData("haproxy", "ranges")]
    [InlineData("haproxy", "multipart")]
    [InlineData("haproxy", "streamed")]
    [InlineData("haproxy", "odd_keys")]
    [InlineData("nginx", "put_get_head")]
    [InlineData("nginx", "ranges")]
    [InlineData("nginx", "multipart")]
    [InlineData("nginx", "streamed")]
    [InlineData("nginx", "odd_keys")]
    public Task Boto3_session_passes(string balancer, string session) =>
        new ForeignProgram(UnstableClients.Python, _scratch.Location, new Dictionary<string, string>
        {
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["PYTHONWARNINGS"] = "ignore",
        }).CallAsync(Call(balancer, RepositoryFolder.Source("Clients", "Python", "boto3_session.py"), session));

    [Theory]
    [InlineData("haproxy", "streams")]
    [InlineData("haproxy", "conditions")]
    [InlineData("nginx", "streams")]
    [InlineData("nginx", "conditions")]
    public Task Aws_sdk_for_javascript_session_passes(string balancer, string session) =>
        new ForeignProgram("/usr/bin/node", _scratch.Location, new Dictionary<string, string>
        {
            ["NODE_NO_WARNINGS"] = "1",
        }).CallAsync(Call(balancer, RepositoryFolder.Source("Clients", "JavaScript", "aws-sdk.mjs"), session));

    public void Dispose() => _scratch.Dispose();

    private string[] Call(string balancer, string script, string session)
    {
        TestEndpoint endpoint = cluster.EndpointOf(balancer);
        string url = endpoint.Address.GetLeftPart(UriPartial.Authority);
        return [script, session, url, endpoint.AccessKey, endpoint.SecretKey, _bucket, _scratch.Location];
    }
}
