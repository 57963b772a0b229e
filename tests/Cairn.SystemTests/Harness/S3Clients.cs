using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Cairn.SystemTests.Harness;

/// <summary>Makes .NET S3 clients for an endpoint and cleans up after them.</summary>
internal static class S3Clients
{
    /// <param name="endpoint">Where to connect.</param>
    /// <param name="retries">
    /// Zero where a test counts outcomes: a silent retry would turn an unknown outcome into a known one.
    /// </param>
    public static AmazonS3Client Create(TestEndpoint endpoint, int retries = 0) =>
        new(
            new BasicAWSCredentials(endpoint.AccessKey, endpoint.SecretKey),
            new AmazonS3Config
            {
                ServiceURL = endpoint.Address.ToString(),
                ForcePathStyle = true,
                AuthenticationRegion = TestEndpoint.Region,
                MaxErrorRetry = retries,
                Timeout = TimeSpan.FromSeconds(100),
            });

    public static async Task EmptyAndDeleteAsync(AmazonS3Client client, string bucket)
    {
        try
        {
            await EmptyAsync(client, bucket);
            await client.DeleteBucketAsync(bucket);
        }
        catch (AmazonS3Exception missing) when (missing.ErrorCode == "NoSuchBucket")
        {
            // The session removed it, or never made it.
            return;
        }
    }

    public static async Task EmptyAsync(AmazonS3Client client, string bucket)
    {
        ListVersionsResponse page;
        do
        {
            page = await client.ListVersionsAsync(new ListVersionsRequest { BucketName = bucket });
            if (page.Versions is { Count: > 0 } versions)
            {
                await client.DeleteObjectsAsync(new DeleteObjectsRequest
                {
                    BucketName = bucket,
                    Objects = [.. versions.Select(v => new KeyVersion { Key = v.Key, VersionId = v.VersionId })],
                });
            }
        }
        while (page.IsTruncated == true);
    }
}
