using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Routing;
using Cairn.Objects;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;

namespace Cairn.Api.S3.Objects;

/// <summary>The object that a copy reads, from x-amz-copy-source.</summary>
internal sealed record CopySource(string Bucket, string Key, VersionId? Version)
{
    private const string Header = "x-amz-copy-source";

    /// <summary>Reads "bucket/key?versionId=...", encoded once, with or without a slash in front.</summary>
    public static S3Error? TryParse(S3Call call, out CopySource? source)
    {
        source = null;
        ReadOnlySpan<char> text = call.Header(Header);
        VersionId? version = null;
        int question = text.LastIndexOf("?versionId=");
        if (question >= 0)
        {
            ReadOnlySpan<char> versionText = text[(question + "?versionId=".Length)..];
            if (!VersionId.TryParse(versionText, out VersionId parsed))
            {
                return S3Error.InvalidArgument.Because("Invalid version id specified").With("ArgumentName", Header);
            }

            version = parsed;
            text = text[..question];
        }

        if (!UriText.TryDecode(text, plusIsSpace: false, out string decoded))
        {
            return Invalid();
        }

        string path = decoded.StartsWith('/') ? decoded[1..] : decoded;
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == path.Length - 1)
        {
            return Invalid();
        }

        source = new CopySource(path[..slash], path[(slash + 1)..], version);
        return BucketName.IsPossible(source.Bucket)
            ? ObjectKey.Check(source.Key) ?? UnsupportedHeaders.CheckSource(call)
            : Invalid();
    }

    /// <summary>
    /// Whether the signer may read the source: a right of its own besides that to write the destination.
    /// </summary>
    public S3Error? Authorize(S3Call call) =>
        call.Authorize(Version is null ? "s3:GetObject" : "s3:GetObjectVersion", Bucket, Key)
        ?? CommonHeaders.CheckOwner(call, "x-amz-source-expected-bucket-owner");

    /// <summary>What the store's refusal means for a source.</summary>
    public static S3Error ToError(ObjectResult<ObjectDescription> result) =>
        result.Error == ObjectError.VersionIsDeleteMarker
            ? S3Error.InvalidRequest.Because(
                "The source of a copy request may not specifically refer to a delete marker by version id.")
            : result.Error.ToS3();

    private static S3Error Invalid() => S3Error.InvalidArgument
        .Because("Copy Source must mention the source bucket and key: sourcebucket/sourcekey")
        .With("ArgumentName", Header);
}
