namespace Cairn.Cluster.Transport;

/// <summary>The versions of the messages between nodes that a release speaks.</summary>
/// <remarks>
/// A release speaks its own version and the one before, so that nodes can be updated one by one. Both ends of a connection
/// use the highest version that both know.
/// </remarks>
public readonly record struct ProtocolRange(byte Oldest, byte Newest)
{
    /// <summary>The first version in which frames may come in bundles, and commits several in a call.</summary>
    public const byte WithBundles = 2;

    /// <summary>Of this release.</summary>
    public static ProtocolRange Current => new(1, WithBundles);

    /// <summary>Null when there is no common version.</summary>
    public byte? Agree(ProtocolRange other)
    {
        byte version = Math.Min(Newest, other.Newest);
        return version >= Oldest && version >= other.Oldest ? version : null;
    }

    public override string ToString() => Oldest == Newest ? $"version {Newest}" : $"versions {Oldest} to {Newest}";
}
