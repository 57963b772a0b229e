using Amazon.S3;
using Amazon.S3.Model;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.BadInput;

/// <summary>Method: signed requests of every form, right and wrong, at the finest level of the log.</summary>
public sealed class LogTests
{
    // Ceph CVE-2018-16889, Swift CVE-2017-8761, RustFS GHSA-r54g, -8cm2 and -333v: what signs requests was printed.
    [Fact]
    public async Task CVE_2018_16889_log_holds_no_signatures_and_no_secrets()
    {
        await using ProcessNode node = await ProcessNode.StartNewAsync(
            new ProcessNodeOptions { Arguments = ["--log-level", "trace"] });
        TestEndpoint endpoint = TestEndpoint.Of(node);
        using AmazonS3Client client = S3Clients.Create(endpoint);
        await client.PutBucketAsync("log");
        await client.PutObjectAsync(new PutObjectRequest { BucketName = "log", Key = "k", ContentBody = "x" });

        using AmazonS3Client stranger = S3Clients.Create(endpoint with { SecretKey = "another-secret-key" });
        AmazonS3Exception refused = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => stranger.GetObjectAsync("log", "k"));
        Assert.Equal("SignatureDoesNotMatch", refused.ErrorCode);

        string link = await client.GetPreSignedURLAsync(new GetPreSignedUrlRequest
        {
            BucketName = "log",
            Key = "k",
            Expires = DateTime.UtcNow.AddMinutes(5),
            Protocol = Protocol.HTTP,
        });
        using var browser = new HttpClient();
        Assert.Equal("x", await browser.GetStringAsync(new Uri(link), TestContext.Current.CancellationToken));
        using HttpResponseMessage altered = await browser.GetAsync(
            new Uri(link + "&a=b"), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, altered.StatusCode);
        Assert.Equal(0, await node.StopAsync());

        Assert.NotEmpty(node.Log);
        foreach (string secret in (string[])[node.SecretKey, "another-secret-key", "X-Amz-Signature", "AWS4-HMAC-SHA256"])
        {
            Assert.DoesNotContain(secret, node.Log, StringComparison.OrdinalIgnoreCase);
        }
    }
}
