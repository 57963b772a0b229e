namespace Cairn.UnitTests.Testing.Toy;

/// <summary>Ways to break the commit protocol. Each makes histories that are not linearizable.</summary>
public enum ToyMutation
{
    None,

    /// <summary>Accept ignores promises.</summary>
    NoPromise,

    /// <summary>The superseded version is dropped at accept instead of at commit.</summary>
    DropOld,

    /// <summary>One acknowledgement too few makes a write.</summary>
    SmallQuorum,

    /// <summary>One replica is enough to read.</summary>
    SmallRead,

    /// <summary>An older value is served while a newer one may have been chosen.</summary>
    SkipMaybe,

    /// <summary>A pending version that may have been chosen is served without accepting it again.</summary>
    NoWriteBack,

    /// <summary>A pending version is served as if it were committed.</summary>
    TrustPending,

    /// <summary>A write refused by some is simply repeated under a higher ballot.</summary>
    BlindRetry,
}
