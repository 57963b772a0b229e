using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clients;

/// <summary>A node behind TLS.</summary>
public sealed class SecureNode : IAsyncLifetime
{
    private readonly ScratchFolder _folder = new();
    private ProcessNode? _node;

    internal TestEndpoint Endpoint { get; private set; } = new(new Uri("https://127.0.0.1"), "", "");

    internal string CertificatePath { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var certificate = new TestCertificate(_folder.Location);
        CertificatePath = certificate.CertificatePath;
        _node = await ProcessNode.StartNewAsync(new ProcessNodeOptions { Certificate = certificate });
        Endpoint = TestEndpoint.Of(_node);
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            _node.KeepLog("secure-clients");
            await _node.DisposeAsync();
        }

        _folder.Dispose();
    }
}
