namespace Cairn.Objects;

/// <summary>What a multipart object's checksum covers. Numbers are on disk: never renumber.</summary>
public enum ChecksumType : byte
{
    /// <summary>The object's bytes.</summary>
    FullObject = 1,

    /// <summary>The concatenated checksums of the parts.</summary>
    Composite = 2,
}
