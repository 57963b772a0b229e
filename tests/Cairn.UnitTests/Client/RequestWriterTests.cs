using System.Text;
using Cairn.Client.S3;
using Cairn.Client.S3.Wire;
using Cairn.Primitives.SigV4;
using Xunit;

namespace Cairn.UnitTests.Client;

/// <summary>The fast writer against the general signer: both must say the same.</summary>
public sealed class RequestWriterTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private readonly S3ClientOptions _options = new()
    {
        Endpoint = new Uri("http://s3.example.com:9000"),
        AccessKey = "AKIDEXAMPLE",
        SecretKey = "secret of the example",
        Region = "eu-west-3",
        Time = new FixedTime(Now),
    };

    [Theory]
    [InlineData("GET", "/bucket/key", "")]
    [InlineData("PUT", "/bucket/a/b/0001", "partNumber=1&uploadId=x%2Fy")]
    [InlineData("POST", "/bucket/a", "uploads=")]
    public void A_head_carries_the_signature_of_the_general_signer(string method, string path, string query)
    {
        string[] lines = Write(method, path, query, 12);
        string target = query.Length == 0 ? path : $"{path}?{query}";
        Assert.Equal($"{method} {target} HTTP/1.1", lines[0]);
        Assert.Equal("host: s3.example.com:9000", lines[1]);
        SignedRequest expected = new SigV4Signer(_options.AccessKey, _options.SecretKey, _options.Region).Sign(
            new SignableRequest
            {
                Method = method,
                Path = path,
                Query = query,
                PayloadHash = "UNSIGNED-PAYLOAD",
                Headers = new KeyValuePair<string, string>[]
                {
                    new("host", "s3.example.com:9000"),
                    new("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
                    new("x-amz-date", "20260304T050607Z"),
                },
            },
            Now);
        Assert.Contains($"authorization: {expected.Authorization}", lines);
        Assert.Contains("content-length: 12", lines);
        Assert.Equal(["", ""], lines[^2..]);
    }

    [Fact]
    public void A_read_announces_no_body_and_an_empty_write_announces_nothing_in_it()
    {
        Assert.DoesNotContain(Write("GET", "/b/k", "", 0), line => line.StartsWith("content-length", StringComparison.Ordinal));
        Assert.Contains("content-length: 0", Write("PUT", "/b/k", "", 0));
    }

    private string[] Write(string method, string path, string query, long length)
    {
        var writer = new RequestWriter(_options, "bucket");
        ReadOnlySpan<byte> head = writer.Write(
            Encoding.ASCII.GetBytes(method),
            Encoding.ASCII.GetBytes(path),
            Encoding.ASCII.GetBytes(query),
            RequestWriter.UnsignedBody,
            length);
        return Encoding.ASCII.GetString(head).Split("\r\n");
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
