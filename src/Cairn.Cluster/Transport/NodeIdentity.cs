using Cairn.Primitives;

namespace Cairn.Cluster.Transport;

/// <summary>Who this process is to other nodes.</summary>
/// <param name="Name">The address that other nodes know it by.</param>
/// <param name="Instance">64 random bits, drawn when the process starts: a restarted node is another one.</param>
/// <param name="Versions">What it speaks.</param>
public sealed record NodeIdentity(string Name, ulong Instance, ProtocolRange Versions)
{
    /// <summary>A fresh one for a process that begins.</summary>
    public static NodeIdentity New(string name, IEntropy entropy)
    {
        ArgumentNullException.ThrowIfNull(entropy);
        return new NodeIdentity(name, entropy.NextUInt64(), ProtocolRange.Current);
    }
}
