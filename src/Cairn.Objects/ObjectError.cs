namespace Cairn.Objects;

/// <summary>Why the store did not do what it was asked. The edges translate it; only they know protocol codes.</summary>
public enum ObjectError
{
    None = 0,

    /// <summary>No bucket of that name.</summary>
    NoSuchBucket,

    /// <summary>The name is taken.</summary>
    BucketAlreadyExists,

    /// <summary>The bucket still holds versions or delete markers.</summary>
    BucketNotEmpty,

    /// <summary>The key has no current version; a delete marker may be the reason.</summary>
    NoSuchKey,

    /// <summary>The key has no such version.</summary>
    NoSuchVersion,

    /// <summary>The version asked for by id is a delete marker.</summary>
    VersionIsDeleteMarker,

    /// <summary>Never begun, finished, or aborted.</summary>
    NoSuchUpload,

    /// <summary>A part named at completion was not uploaded, or its ETag or checksum differs.</summary>
    InvalidPart,

    /// <summary>Parts named at completion are not in ascending order.</summary>
    InvalidPartOrder,

    /// <summary>A part that is not the last one is under the minimum size.</summary>
    PartTooSmall,

    /// <summary>The completed object's size or checksum is not what the client announced.</summary>
    CompletionMismatch,

    /// <summary>The condition of a conditional operation does not hold.</summary>
    PreconditionFailed,

    /// <summary>Another operation on the key was in the way; surely nothing happened; may be repeated.</summary>
    Conflict,

    /// <summary>Too few drives answer, or too late behind others, to know the current state. Nothing happened.</summary>
    ReadQuorumLost,

    /// <summary>Too few drives take writes. Nothing happened.</summary>
    WriteQuorumLost,

    /// <summary>The write may or may not take effect; a client must read, or repeat it as a new write.</summary>
    OutcomeUnknown,

    /// <summary>Drives are full.</summary>
    StorageFull,

    /// <summary>The request asks for what this version of the store cannot do (such as an unknown storage class).</summary>
    InvalidStorageClass,
}
