using Cairn.Api.S3.Bodies;
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
    /// <remarks>s3cmd reads the list of every object that it copies or moves, and writes it to the new one.</remarks>
    public static async Task<S3Error?> CheckWriteAsync(S3Call call)
    {
        S3Error? error = call.Header("x-amz-acl") is { Length: > 0 }
            ? UnsupportedHeaders.CheckAcl(call)
            : CheckDocument(await BufferedBody.ReadAsync(call, needsIntegrity: false));
        call.Response.ContentLength = error is null ? 0 : null;
        return error;
    }

    private static S3Error? CheckDocument(ReadOnlyMemory<byte> document)
    {
        if (document.IsEmpty)
        {
            return S3Error.AccessControlListNotSupported;
        }

        XmlElement[] grants =
            [.. XmlInput.Parse(document, "AccessControlPolicy").Child("AccessControlList")?.ChildrenNamed("Grant") ?? []];
        return grants.Length > 0 && grants.All(IsOwnersFullControl) ? null : S3Error.AccessControlListNotSupported;
    }

    private static bool IsOwnersFullControl(XmlElement grant) =>
        grant.ChildText("Permission") == "FULL_CONTROL" && grant.Child("Grantee")?.ChildText("ID") == S3Owner.Id;
}
