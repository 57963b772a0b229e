namespace Cairn.Cluster.Membership;

/// <summary>Bounds of what a member accepts from another one, so that no message makes it grow.</summary>
public static class MembershipLimits
{
    /// <summary>Bytes of one message. More state than fits is sent in several.</summary>
    public const int MaxMessageBytes = 16_384;

    /// <summary>Bytes of updates that ride on a probe: with its header it fits one Ethernet frame.</summary>
    public const int PiggybackBytes = 1_200;

    /// <summary>Bytes of UTF-8 in an address, a zone or a program version: the longest DNS name and a port fit.</summary>
    public const int MaxTextBytes = 255;

    /// <summary>Bytes of metadata of one member: it is sent with every update of the member.</summary>
    public const int MaxMetadataBytes = 1_024;

    /// <summary>Accusers that a suspicion names: more would not shorten it, see Suspicion.</summary>
    public const int MaxAccusers = 3;

    /// <summary>Probes that a node makes for others at one time.</summary>
    public const int MaxRelays = 64;

    /// <summary>A node raises its incarnation by one; nothing honest comes near.</summary>
    public const ulong MaxIncarnation = 1UL << 62;
}
