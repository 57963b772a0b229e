namespace Cairn.SystemTests.Clients;

/// <summary>The generation that computes a CRC for every upload.</summary>
public sealed class Boto3OfDebianUnstableTests(ClientNode node) : Boto3Session(node, UnstableClients.Python);
