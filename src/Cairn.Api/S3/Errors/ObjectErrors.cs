using Cairn.Objects;

namespace Cairn.Api.S3.Errors;

/// <summary>What the store's errors are called in S3.</summary>
internal static class ObjectErrors
{
    /// <summary>The S3 error for a reason of the store, which must not be None.</summary>
    public static S3Error ToS3(this ObjectError error) => error switch
    {
        ObjectError.NoSuchBucket => S3Error.NoSuchBucket,
        ObjectError.BucketAlreadyExists => S3Error.BucketAlreadyOwnedByYou,
        ObjectError.BucketNotEmpty => S3Error.BucketNotEmpty,
        ObjectError.NoSuchKey => S3Error.NoSuchKey,
        ObjectError.NoSuchVersion => S3Error.NoSuchVersion,
        ObjectError.VersionIsDeleteMarker => S3Error.MethodNotAllowed,
        ObjectError.NoSuchUpload => S3Error.NoSuchUpload,
        ObjectError.InvalidPart => S3Error.InvalidPart,
        ObjectError.InvalidPartOrder => S3Error.InvalidPartOrder,
        ObjectError.PartTooSmall => S3Error.EntityTooSmall,
        ObjectError.CompletionMismatch => S3Error.BadDigest.Because(
            "The size or checksum you specified for the object did not match the uploaded parts."),
        ObjectError.PreconditionFailed => S3Error.PreconditionFailed,
        ObjectError.Conflict => S3Error.ConditionalRequestConflict,
        ObjectError.ReadQuorumLost => S3Error.ServiceUnavailable.Because(
            "Read quorum lost: too few drives answer. Nothing happened; try again."),
        ObjectError.WriteQuorumLost => S3Error.ServiceUnavailable.Because(
            "Write quorum lost: too few drives take writes. Nothing happened; try again."),
        ObjectError.OutcomeUnknown => S3Error.ServiceUnavailable.Because(
            "Too few drives confirmed the write. It may or may not have taken effect; read before you repeat it."),
        ObjectError.StorageFull => S3Error.StorageFull,
        ObjectError.InvalidStorageClass => S3Error.InvalidStorageClass,
        _ => S3Error.InternalError,
    };
}
