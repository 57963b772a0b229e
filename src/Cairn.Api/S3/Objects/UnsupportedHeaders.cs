using Cairn.Api.S3.Errors;

namespace Cairn.Api.S3.Objects;

/// <summary>Headers that must not be ignored: a client that sends them counts on what they ask for.</summary>
internal static class UnsupportedHeaders
{
    private const string CustomerKey = "server-side-encryption-customer-algorithm";

    /// <summary>Checks the headers of a request that reads an object: none here is encrypted with the client's key.</summary>
    public static S3Error? CheckRead(S3Call call) => CheckCustomerKey(call, "x-amz-" + CustomerKey);

    /// <summary>The same for the source of a copy.</summary>
    public static S3Error? CheckSource(S3Call call) => CheckCustomerKey(call, "x-amz-copy-source-" + CustomerKey);

    /// <summary>Checks the headers of a request that makes an object or an upload.</summary>
    public static S3Error? Check(S3Call call)
    {
        if (call.Header("x-amz-server-side-encryption") is not null
            || call.Header("x-amz-" + CustomerKey) is not null
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

    private static S3Error? CheckCustomerKey(S3Call call, string header) => call.Header(header) is null
        ? null
        : S3Error.InvalidRequest.Because("The encryption parameters are not applicable to this object.");
}
