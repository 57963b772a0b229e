using Cairn.Cluster.RemoteDrives.Messages;
using Cairn.Cluster.Transport;
using Cairn.Drives;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>The drives of one other node, over one link; knows their states.</summary>
/// <remarks>
/// Invariants: a drive is Offline while the link is down, and after it came up until the node has told its state.
/// Concurrency: any caller.
/// </remarks>
public sealed class RemoteNode
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DriveId, RemoteDrive> _drives = [];
    private Dictionary<DriveId, ToldState> _told = [];
    private int _tellings;

    /// <param name="link">Not started yet, so that no message is missed. Not owned.</param>
    /// <param name="time">For the little that has no deadline of its caller.</param>
    /// <param name="options">Limits.</param>
    public RemoteNode(NodeLink link, TimeProvider time, RemoteDriveOptions options)
    {
        ArgumentNullException.ThrowIfNull(link);
        Link = link;
        Time = time;
        Options = options;
        link.Subscribe(ServiceNumbers.Drives, Receive);
        link.Changed += OnLinkChanged;
    }

    public NodeLink Link { get; }

    /// <summary>How often the states were told so far.</summary>
    internal int Tellings => Volatile.Read(ref _tellings);

    internal TimeProvider Time { get; }

    internal RemoteDriveOptions Options { get; }

    /// <summary>The drive of that id, whether or not the node has it. The same object for the same id.</summary>
    public RemoteDrive GetDrive(DriveId id)
    {
        lock (_gate)
        {
            if (!_drives.TryGetValue(id, out RemoteDrive? drive))
            {
                drive = new RemoteDrive(this, id);
                _drives.Add(id, drive);
                if (_told.TryGetValue(id, out ToldState told))
                {
                    drive.NoteTold(told);
                }
            }

            return drive;
        }
    }

    /// <summary>A drive was disposed: the next GetDrive makes a new one.</summary>
    internal void Remove(RemoteDrive drive)
    {
        lock (_gate)
        {
            if (_drives.TryGetValue(drive.Id, out RemoteDrive? held) && ReferenceEquals(held, drive))
            {
                _drives.Remove(drive.Id);
            }
        }
    }

    private void OnLinkChanged(NodeLink link)
    {
        if (link.IsConnected)
        {
            return;
        }

        // What was told over the lost connection says nothing about the next one.
        RemoteDrive[] drives;
        lock (_gate)
        {
            _told = [];
            drives = [.. _drives.Values];
        }

        foreach (RemoteDrive drive in drives)
        {
            drive.NoteTold(new ToldState(drive.Id, DriveState.Offline));
        }
    }

    private void Receive(byte operation, ReadOnlyMemory<byte> message)
    {
        if (operation != (byte)DriveCallKind.States)
        {
            return;
        }

        MessageReader reader = new(message);
        Dictionary<DriveId, ToldState> told = DriveReplyCodec.ReadStates(ref reader).ToDictionary(state => state.Drive);
        RemoteDrive[] drives;
        Interlocked.Increment(ref _tellings);
        lock (_gate)
        {
            _told = told;
            drives = [.. _drives.Values];
        }

        foreach (RemoteDrive drive in drives)
        {
            drive.NoteTold(told.GetValueOrDefault(drive.Id, new ToldState(drive.Id, DriveState.Offline)));
        }
    }
}
