using Cairn.Cluster.RemoteDrives;
using Cairn.Cluster.Transport;
using Cairn.Drives;

namespace Cairn.Testing.Drives;

/// <summary>A drive behind a link: what the cases do, they do over it.</summary>
internal sealed class RemoteDriveFixture : DriveFixture
{
    private readonly DriveFixture _inner;
    private readonly ServedDrives _served;
    private readonly NodeServer _server;
    private readonly RemoteNode _node;

    private RemoteDriveFixture(DriveFixture inner, ServedDrives served, NodeServer server, RemoteNode node)
    {
        _inner = inner;
        _served = served;
        _server = server;
        _node = node;
        Drive = node.GetDrive(inner.Drive.Id);
    }

    public override IDrive Drive { get; protected set; }

    public RemoteNode Node => _node;

    public DriveFixture Inner => _inner;

    public NodeServer Server => _server;

    /// <param name="inner">The drive; disposed with the fixture.</param>
    /// <param name="server">What the serving end is made of.</param>
    /// <param name="listener">Where it serves.</param>
    /// <param name="link">A link to it, not started.</param>
    /// <param name="client">What the link is made of.</param>
    /// <param name="served">What is served instead of just the drive.</param>
    public static async Task<RemoteDriveFixture> StartAsync(
        DriveFixture inner,
        TransportParts server,
        INodeListener listener,
        NodeLink link,
        TransportParts client,
        ServedDrives? served = null)
    {
        served ??= new ServedDrives([inner.Drive]);
        NodeServer nodeServer = new(
            server, listener, [new DriveService(served, server.Time)], new RefusalLog(server.Time, server.Logger));
        nodeServer.Start();
        RemoteNode node = new(link, client.Time, new RemoteDriveOptions());
        RemoteDriveFixture fixture = new(inner, served, nodeServer, node);
        link.Start();
        await fixture.WaitForStateAsync(DriveState.Online);
        await link.WaitConnectedAsync(CancellationToken.None);
        return fixture;
    }

    /// <summary>Ends when the state has been told.</summary>
    public async Task WaitForStateAsync(DriveState state)
    {
        RemoteDrive drive = (RemoteDrive)Drive;
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(RemoteDrive changed)
        {
            if (changed.State == state)
            {
                reached.TrySetResult();
            }
        }

        drive.Changed += Look;
        Look(drive);
        await reached.Task;
        drive.Changed -= Look;
    }

    public override async Task ReopenAsync()
    {
        await _inner.ReopenAsync();
        _served.Replace([_inner.Drive]);
    }

    public override async ValueTask DisposeAsync()
    {
        await Drive.DisposeAsync();
        await _node.Link.DisposeAsync();
        await _server.DisposeAsync();
        await _inner.DisposeAsync();
    }
}
