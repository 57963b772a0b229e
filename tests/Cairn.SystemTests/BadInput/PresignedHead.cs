using Amazon.S3;
using Amazon.S3.Model;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.BadInput;

/// <summary>Request heads for raw sockets, authorised by a presigned URL, so that a test can bend everything else.</summary>
internal static class PresignedHead
{
    /// <param name="node">Whom to ask.</param>
    /// <param name="verb">The method.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="headers">Further header lines, each with its line end.</param>
    public static string Create(ProcessNode node, HttpVerb verb, string bucket, string key, string headers = "")
    {
        using AmazonS3Client signer = S3Clients.Create(TestEndpoint.Of(node));
        string url = signer.GetPreSignedURL(new GetPreSignedUrlRequest
        {
            BucketName = bucket,
            Key = key,
            Verb = verb,
            Protocol = Protocol.HTTP,
            Expires = DateTime.UtcNow.AddMinutes(5),
        });
        return $"{verb} {new Uri(url).PathAndQuery} HTTP/1.1\r\nHost: {node.Endpoint.Authority}\r\n{headers}\r\n";
    }
}
