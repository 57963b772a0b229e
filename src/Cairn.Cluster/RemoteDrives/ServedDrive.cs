using Cairn.Drives;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>A drive of this node, and what other nodes have under way on it.</summary>
/// <remarks>
/// Purpose: a drive that hangs must not take the memory of the node, nor the room for calls to its other drives.
/// Concurrency: any caller.
/// </remarks>
internal sealed class ServedDrive(IDrive drive)
{
    // Of all nodes together. A drive takes some thousand operations a second: more than this waits for nothing.
    private const int MaxCalls = 2048;
    private const long MaxBytes = 128L << 20;

    private int _calls;
    private long _bytes;

    public IDrive Drive => drive;

    /// <summary>False when too much is under way; otherwise Exit follows.</summary>
    public bool TryEnter(int bytes)
    {
        if (Interlocked.Increment(ref _calls) <= MaxCalls & Interlocked.Add(ref _bytes, bytes) <= MaxBytes)
        {
            return true;
        }

        Exit(bytes);
        return false;
    }

    public void Exit(int bytes)
    {
        Interlocked.Decrement(ref _calls);
        Interlocked.Add(ref _bytes, -bytes);
    }
}
