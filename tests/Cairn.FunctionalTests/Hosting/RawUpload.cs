using System.Xml.Linq;

namespace Cairn.FunctionalTests.Hosting;

/// <summary>A multipart upload by raw requests. Remembers the parts for the completion.</summary>
public sealed class RawUpload
{
    private static readonly XNamespace S3 = "http://s3.amazonaws.com/doc/2006-03-01/";

    private readonly RawS3 _raw;
    private readonly string _path;
    private readonly SortedDictionary<int, string> _etags = [];

    private RawUpload(RawS3 raw, string path, string id)
    {
        _raw = raw;
        _path = path;
        Id = id;
    }

    public string Id { get; }

    /// <summary>The list of all parts so far, as a completion sends it.</summary>
    public string Document =>
        "<CompleteMultipartUpload>"
        + string.Concat(_etags.Select(part => $"<Part><PartNumber>{part.Key}</PartNumber><ETag>{part.Value}</ETag></Part>"))
        + "</CompleteMultipartUpload>";

    public static async Task<RawUpload> BeginAsync(RawS3 raw, string path, params (string Name, string Value)[] headers)
    {
        RawResponse begun = await raw.SendAsync(new RawRequest("POST", path) { Query = "uploads", Headers = headers });
        return new RawUpload(raw, path, begun.Xml.Element(S3 + "UploadId")!.Value);
    }

    public async Task<RawResponse> PutAsync(int number, byte[] body, params (string Name, string Value)[] headers)
    {
        RawResponse put = await _raw.SendAsync(new RawRequest("PUT", _path)
        {
            Query = $"partNumber={number}&uploadId={Id}",
            Headers = headers,
            Body = body,
        });
        if (put.Status == 200)
        {
            _etags[number] = put.Header("ETag")!;
        }

        return put;
    }

    public Task<RawResponse> CompleteAsync(params (string Name, string Value)[] headers) => _raw.SendAsync(
        new RawRequest("POST", _path) { Query = "uploadId=" + Id, Headers = headers }.WithText(Document));
}
