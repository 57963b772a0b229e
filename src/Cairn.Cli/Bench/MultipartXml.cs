using System.Security.Cryptography;
using System.Text;

namespace Cairn.Cli.Bench;

/// <summary>The queries and bodies of a multipart upload.</summary>
internal static class MultipartXml
{
    public static string ReadUploadId(ReadOnlySpan<byte> answer) => ListingQuery.ReadElement(answer, "UploadId");

    public static byte[] PartQuery(int number, string uploadId) => Encoding.ASCII.GetBytes(
        string.Create(null, $"partNumber={number}&uploadId={Uri.EscapeDataString(uploadId)}"));

    public static byte[] UploadQuery(string uploadId) =>
        Encoding.ASCII.GetBytes($"uploadId={Uri.EscapeDataString(uploadId)}");

    public static byte[] Completion(IReadOnlyList<string> tags)
    {
        var body = new StringBuilder("<CompleteMultipartUpload>");
        for (int i = 0; i < tags.Count; i++)
        {
            body.Append(null, $"<Part><PartNumber>{i + 1}</PartNumber><ETag>{tags[i]}</ETag></Part>");
        }

        return Encoding.ASCII.GetBytes(body.Append("</CompleteMultipartUpload>").ToString());
    }

    public static byte[] Hash(byte[] body) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(body)));
}
