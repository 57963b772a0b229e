namespace Cairn.SystemTests.Clients;

/// <summary>The generation that signs the whole payload and sends Content-MD5.</summary>
public sealed class AwsCliOfDebianStableTests(ClientNode node) : AwsCliSession(node, "/usr/bin/aws");
