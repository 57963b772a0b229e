namespace Cairn.SystemTests.Clients;

/// <summary>The generation that sends Content-MD5 and the hash of the whole payload.</summary>
public sealed class Boto3OfDebianStableTests(ClientNode node) : Boto3Session(node, "/usr/bin/python3");
