using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace Cairn.Client.S3;

/// <summary>Objects.</summary>
public sealed partial class S3Client
{
    /// <summary>Keys one DeleteObjects request may name.</summary>
    public const int MaxKeysPerDelete = 1_000;

    /// <summary>Puts an object from memory; its content is signed.</summary>
    /// <returns>The ETag, with quotes.</returns>
    public async Task<string> PutObjectAsync(
        string bucket, string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(
            new S3Request(HttpMethod.Put, bucket, key) { Body = content }, cancellationToken);
        return ETagOf(response);
    }

    /// <summary>Puts an object from a stream of known length, without holding it in memory; its content is not signed.</summary>
    /// <returns>The ETag, with quotes.</returns>
    public async Task<string> PutObjectAsync(
        string bucket, string key, Stream content, long length, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(
            new S3Request(HttpMethod.Put, bucket, key) { Stream = content, StreamLength = length }, cancellationToken);
        return ETagOf(response);
    }

    /// <summary>Opens an object for reading; dispose it.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="range">First and last byte; null: everything.</param>
    /// <param name="cancellationToken">Ends the request, not the reading.</param>
    public async Task<S3Object> GetObjectAsync(
        string bucket, string key, (long First, long Last)? range, CancellationToken cancellationToken)
    {
        var request = new S3Request(HttpMethod.Get, bucket, key);
        if (range is var (first, last))
        {
            request.Headers.Add(new("range", $"bytes={Number(first)}-{Number(last)}"));
        }

        HttpResponseMessage response = await SendAsync(request, cancellationToken);
        Stream content = await response.Content.ReadAsStreamAsync(cancellationToken);
        return new S3Object(response, content);
    }

    /// <summary>Describes an object; null when there is none.</summary>
    public async Task<S3ObjectDescription?> DescribeObjectAsync(
        string bucket, string key, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await SendAsync(
                new S3Request(HttpMethod.Head, bucket, key), cancellationToken);
            return S3ObjectDescription.From(response);
        }
        catch (S3Exception failure) when (failure.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Deletes an object; one that is not there is deleted successfully.</summary>
    public async Task DeleteObjectAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(
            new S3Request(HttpMethod.Delete, bucket, key), cancellationToken);
    }

    /// <summary>Deletes up to <see cref="MaxKeysPerDelete"/> objects in one request.</summary>
    /// <returns>The keys that could not be deleted, with the server's codes; empty when all are gone.</returns>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>> DeleteObjectsAsync(
        string bucket, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        var body = new XElement(
            Xmlns + "Delete",
            new XElement(Xmlns + "Quiet", "true"),
            keys.Select(key => new XElement(Xmlns + "Object", new XElement(Xmlns + "Key", key))));
        S3Request request = WithMd5(new S3Request(HttpMethod.Post, bucket)
        {
            Body = Encoding.UTF8.GetBytes(body.ToString(SaveOptions.DisableFormatting)),
            ContentType = "application/xml",
        }).With("delete", "");
        using HttpResponseMessage response = await SendAsync(request, cancellationToken);
        XElement root = await S3Xml.ReadAsync(response, cancellationToken);
        return
        [
            .. root.Elements(root.Name.Namespace + "Error").Select(error =>
                KeyValuePair.Create(S3Xml.Text(error, "Key"), S3Xml.Text(error, "Code"))),
        ];
    }

    // S3 demands an integrity header on this request; MD5 is the one every server has always understood.
    private static S3Request WithMd5(S3Request request)
    {
#pragma warning disable CA5351 // Not a defence against forgery: the signature covers the content.
        string digest = Convert.ToBase64String(MD5.HashData(request.Body.Span));
#pragma warning restore CA5351
        request.Headers.Add(new("content-md5", digest));
        return request;
    }

    private static string ETagOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("ETag", out IEnumerable<string>? values) ? values.First() : "";
}
