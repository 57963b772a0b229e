using System.Globalization;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Listings;
using Cairn.Api.S3.Xml;
using Cairn.Objects;
using Cairn.Objects.Buckets;

namespace Cairn.Api.S3.Operations;

internal static class ListBuckets
{
    /// <summary>S3's most for a page of buckets.</summary>
    private const int MaxBuckets = 10_000;

    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        string after = "";
        string? token = call.Query.FindText("continuation-token");
        S3Error? error = ReadLimit(call, out int limit);
        error ??= token is null ? null : ContinuationToken.TryParse(token, out after);
        if (error is not null)
        {
            return error;
        }

        string prefix = call.Query.Find("prefix") ?? "";
        // All buckets are in one region: asking for another one's finds none.
        bool isHere = call.Query.FindText("bucket-region") is not { } region || region == call.Options.Region;
        ObjectResult<BucketPage> result = isHere
            ? await call.Store.ListBucketsAsync(prefix, after, limit, call.Cancellation)
            : new BucketPage([], null);
        if (!result.IsOk)
        {
            return result.Error.ToS3();
        }

        using var xml = new XmlOutput();
        Render(xml, call, result.Value);
        await xml.RespondAsync(call);
        return null;
    }

    private static S3Error? ReadLimit(S3Call call, out int limit)
    {
        string? text = call.Query.FindText("max-buckets");
        if (text is null)
        {
            limit = MaxBuckets;
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
            && limit is >= 1 and <= MaxBuckets
                ? null
                : S3Error.InvalidArgument
                    .Because("Argument max-buckets must be an integer between 1 and 10000")
                    .With("ArgumentName", "max-buckets")
                    .With("ArgumentValue", text);
    }

    private static void Render(XmlOutput xml, S3Call call, BucketPage page)
    {
        xml.OpenResult("ListAllMyBucketsResult"u8);
        xml.Owner("Owner"u8);
        xml.Open("Buckets"u8);
        foreach (BucketDescription bucket in page.Buckets)
        {
            xml.Open("Bucket"u8);
            xml.Element("Name"u8, bucket.Name);
            xml.Element("CreationDate"u8, bucket.Created);
            xml.Element("BucketRegion"u8, call.Options.Region);
            xml.Close("Bucket"u8);
        }

        xml.Close("Buckets"u8);
        xml.ElementIfAny("Prefix"u8, call.Query.FindText("prefix"));
        xml.ElementIfAny("ContinuationToken"u8, page.Next is null ? null : ContinuationToken.Create(page.Next));
        xml.Close("ListAllMyBucketsResult"u8);
    }
}
