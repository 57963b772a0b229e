using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Routing;

namespace Cairn.Api.S3;

/// <summary>Checks that hold for every operation on a bucket or an object.</summary>
internal static class CommonHeaders
{
    public static S3Error? Check(S3Call call)
    {
        if (call.Address.Level == ResourceLevel.Service)
        {
            return null;
        }

        if (!BucketName.IsPossible(call.Bucket))
        {
            return S3Error.InvalidBucketName.With("BucketName", call.Bucket);
        }

        return CheckOwner(call, "x-amz-expected-bucket-owner") ?? ObjectKey.Check(call.Key);
    }

    /// <summary>The error when the request expects a bucket to belong to somebody else.</summary>
    public static S3Error? CheckOwner(S3Call call, string header) =>
        call.Header(header) is not { } owner || owner is S3Owner.Account or S3Owner.Id ? null : S3Error.AccessDenied;
}
