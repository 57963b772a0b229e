namespace Cairn.Objects.Buckets;

/// <summary>Numbers are on disk: never renumber.</summary>
public enum BucketVersioning : byte
{
    /// <summary>Never configured.</summary>
    Off = 0,

    Enabled = 1,

    /// <summary>Was enabled; writes replace the null version.</summary>
    Suspended = 2,
}
