using System.Text;
using System.Xml.Linq;

namespace Cairn.Client.S3;

/// <summary>Multipart uploads.</summary>
public sealed partial class S3Client
{
    /// <summary>Begins an upload.</summary>
    public async Task<S3Upload> CreateUploadAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        S3Request request = new S3Request(HttpMethod.Post, bucket, key).With("uploads", "");
        using HttpResponseMessage response = await SendAsync(request, cancellationToken);
        XElement root = await S3Xml.ReadAsync(response, cancellationToken);
        return new S3Upload(bucket, key, S3Xml.Text(root, "UploadId"));
    }

    /// <summary>Sends a part, replacing an earlier one of the number (from 1).</summary>
    /// <returns>The part's ETag, with quotes.</returns>
    public async Task<string> UploadPartAsync(
        S3Upload upload, int partNumber, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        S3Request request = new S3Request(HttpMethod.Put, upload.Bucket, upload.Key) { Body = content }
            .With("partNumber", Number(partNumber))
            .With("uploadId", upload.Id);
        using HttpResponseMessage response = await SendAsync(request, cancellationToken);
        return ETagOf(response);
    }

    /// <summary>Turns the parts into an object.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="partTags">The ETags of parts 1, 2, 3, ... in order.</param>
    /// <param name="cancellationToken">The object may or may not exist afterwards.</param>
    public async Task CompleteUploadAsync(
        S3Upload upload, IReadOnlyList<string> partTags, CancellationToken cancellationToken)
    {
        var body = new XElement(
            Xmlns + "CompleteMultipartUpload",
            partTags.Select((tag, index) => new XElement(
                Xmlns + "Part", new XElement(Xmlns + "PartNumber", index + 1), new XElement(Xmlns + "ETag", tag))));
        S3Request request = new S3Request(HttpMethod.Post, upload.Bucket, upload.Key)
        {
            Body = Encoding.UTF8.GetBytes(body.ToString(SaveOptions.DisableFormatting)),
            ContentType = "application/xml",
        }.With("uploadId", upload.Id);
        using HttpResponseMessage response = await SendAsync(request, cancellationToken);
        await S3Xml.ReadAsync(response, cancellationToken);
    }

    /// <summary>Drops an upload and its parts.</summary>
    public async Task AbortUploadAsync(S3Upload upload, CancellationToken cancellationToken)
    {
        S3Request request = new S3Request(HttpMethod.Delete, upload.Bucket, upload.Key).With("uploadId", upload.Id);
        using HttpResponseMessage response = await SendAsync(request, cancellationToken);
    }
}
