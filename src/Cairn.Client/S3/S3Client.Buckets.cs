using System.Net;
using System.Xml.Linq;

namespace Cairn.Client.S3;

/// <summary>Buckets and what is in them.</summary>
public sealed partial class S3Client
{
    private static readonly XNamespace Xmlns = "http://s3.amazonaws.com/doc/2006-03-01/";

    /// <summary>Makes a bucket; one that this account already owns is an exception (BucketAlreadyOwnedByYou).</summary>
    public async Task CreateBucketAsync(string bucket, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(new S3Request(HttpMethod.Put, bucket), cancellationToken);
    }

    /// <summary>Whether the bucket exists and may be seen.</summary>
    public async Task<bool> HasBucketAsync(string bucket, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await SendAsync(
                new S3Request(HttpMethod.Head, bucket), cancellationToken);
            return true;
        }
        catch (S3Exception failure) when (failure.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>Removes an empty bucket.</summary>
    public async Task DeleteBucketAsync(string bucket, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(
            new S3Request(HttpMethod.Delete, bucket), cancellationToken);
    }

    public async Task<IReadOnlyList<S3Bucket>> ListBucketsAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(new S3Request(HttpMethod.Get), cancellationToken);
        XElement root = await S3Xml.ReadAsync(response, cancellationToken);
        return
        [
            .. root.Descendants(Xmlns + "Bucket").Select(bucket => new S3Bucket(
                S3Xml.Text(bucket, "Name"), S3Xml.Time(bucket, "CreationDate"))),
        ];
    }

    /// <summary>One page of a listing (ListObjectsV2).</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="query">What to list; a page's own continuation goes on behind it.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<S3ObjectPage> ListObjectsAsync(
        string bucket, S3ListQuery query, CancellationToken cancellationToken)
    {
        S3Request request = new S3Request(HttpMethod.Get, bucket)
            .With("list-type", "2")
            .With("encoding-type", "url")
            .With("prefix", query.Prefix)
            .With("delimiter", query.Delimiter)
            .With("start-after", query.StartAfter)
            .With("continuation-token", query.ContinuationToken)
            .With("max-keys", query.MaxKeys is { } limit ? Number(limit) : null);
        using HttpResponseMessage response = await SendAsync(request, cancellationToken);
        XElement root = await S3Xml.ReadAsync(response, cancellationToken);
        return new S3ObjectPage(
            [.. root.Elements(Xmlns + "Contents").Select(ReadListedObject)],
            [.. root.Elements(Xmlns + "CommonPrefixes").Select(p => Uri.UnescapeDataString(S3Xml.Text(p, "Prefix")))],
            S3Xml.OptionalText(root, "NextContinuationToken"));
    }

    private static S3ListedObject ReadListedObject(XElement element) => new(
        Uri.UnescapeDataString(S3Xml.Text(element, "Key")),
        S3Xml.Number(element, "Size"),
        S3Xml.Text(element, "ETag"),
        S3Xml.Time(element, "LastModified"));
}
