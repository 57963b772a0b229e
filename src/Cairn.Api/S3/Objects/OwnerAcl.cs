using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Xml;

namespace Cairn.Api.S3.Objects;

/// <summary>The only access control list there is: the owner may do everything (BucketOwnerEnforced).</summary>
internal static class OwnerAcl
{
    public static async Task<S3Error?> RespondAsync(S3Call call)
    {
        using var xml = new XmlOutput();
        xml.OpenResult("AccessControlPolicy"u8);
        xml.Owner("Owner"u8);
        xml.Open("AccessControlList"u8);
        xml.Open("Grant"u8);
        xml.OpenGrantee();
        xml.Element("ID"u8, S3Owner.Id);
        xml.Element("DisplayName"u8, S3Owner.DisplayName);
        xml.Close("Grantee"u8);
        xml.Element("Permission"u8, "FULL_CONTROL");
        xml.Close("Grant"u8);
        xml.Close("AccessControlList"u8);
        xml.Close("AccessControlPolicy"u8);
        await xml.RespondAsync(call);
        return null;
    }

    /// <summary>Writing the list that is there anyway succeeds; any other is refused.</summary>
    public static S3Error? CheckWrite(S3Call call)
    {
        if (call.Header("x-amz-acl") is not { Length: > 0 })
        {
            return S3Error.AccessControlListNotSupported;
        }

        S3Error? error = UnsupportedHeaders.CheckAcl(call);
        call.Response.ContentLength = error is null ? 0 : null;
        return error;
    }
}
