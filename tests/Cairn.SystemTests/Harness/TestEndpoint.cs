namespace Cairn.SystemTests.Harness;

/// <summary>Where an S3 client connects and as whom.</summary>
internal sealed record TestEndpoint(Uri Address, string AccessKey, string SecretKey)
{
    public const string Region = "us-east-1";

    public static TestEndpoint Of(ProcessNode node) => new(node.Endpoint, node.AccessKey, node.SecretKey);
}
