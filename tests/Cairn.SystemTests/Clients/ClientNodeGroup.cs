namespace Cairn.SystemTests.Clients;

/// <summary>Ties the client sessions to their one shared node.</summary>
[CollectionDefinition(Name)]
public sealed class ClientNodeGroup : ICollectionFixture<ClientNode>
{
    public const string Name = "clients";
}
