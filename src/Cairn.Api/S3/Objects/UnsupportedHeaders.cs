using Cairn.Api.S3.Errors;

namespace Cairn.Api.S3.Objects;

/// <summary>Headers that must not be ignored: a client that sends them counts on what they ask for.</summary>
internal static class UnsupportedHeaders
{
    /// <summary>Checks the headers of a request that makes an object or an upload.</summary>
    public static S3Error? Check(S3Call call)
    {
        if (call.Header("x-amz-server-side-encryption") is not null
            || call.Header("x-amz-server-side-encryption-customer-algorithm") is not null
            || call.Header("x-amz-server-side-encryption-aws-kms-key-id") is not null)
        {
            // To answer 200 would tell the client that its bytes are encrypted on the drives.
            return S3Error.NotImplemented.Because("Server-side encryption is not implemented.");
        }

        if (call.Header("x-amz-object-lock-mode") is not null
            || call.Header("x-amz-object-lock-retain-until-date") is not null
            || call.Header("x-amz-object-lock-legal-hold") is not null)
        {
            return S3Error.InvalidRequest.Because("Bucket is missing Object Lock Configuration");
        }

        return call.Header("x-amz-write-offset-bytes") is not null
            ? S3Error.NotImplemented.Because("Appending to objects is not implemented.")
            : CheckAcl(call);
    }

    /// <summary>The bucket's owner owns every object: only lists that say the same are accepted.</summary>
    public static S3Error? CheckAcl(S3Call call)
    {
        if (call.Header("x-amz-acl") is { } acl && acl is not ("private" or "bucket-owner-full-control" or ""))
        {
            return S3Error.AccessControlListNotSupported;
        }

        return call.Header("x-amz-grant-read") is null
            && call.Header("x-amz-grant-write") is null
            && call.Header("x-amz-grant-read-acp") is null
            && call.Header("x-amz-grant-write-acp") is null
            && call.Header("x-amz-grant-full-control") is null
                ? null
                : S3Error.AccessControlListNotSupported;
    }
}
