using System.Security.Cryptography;
using System.Text;
using Cairn.Primitives.SigV4;
using Xunit;

namespace Cairn.UnitTests.Primitives.SigV4;

/// <summary>Method: the two streaming examples of the S3 API reference, 66,560 letters "a" in chunks of 64 KiB.</summary>
public sealed class SigV4ChunkChainTests
{
    private static readonly byte[] First = Hash(65_536);
    private static readonly byte[] Second = Hash(1_024);

    [Fact]
    public void Signed_chunks_chain_as_published()
    {
        SignedRequest signed = AwsVector.Signer.Sign(
            ChunkedRequest("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", new("content-length", "66824")), AwsVector.Time);
        Assert.EndsWith(
            "Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
            signed.Authorization,
            StringComparison.Ordinal);
        Assert.True(signed.Chunks.VerifyChunk(
            First, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"u8));
        Assert.True(signed.Chunks.VerifyChunk(
            Second, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"u8));
        Assert.True(signed.Chunks.VerifyChunk(
            SHA256.HashData([]), "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"u8));
    }

    [Fact]
    public void Signed_trailer_chains_as_published()
    {
        SignedRequest signed = AwsVector.Signer.Sign(
            ChunkedRequest("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", new("x-amz-trailer", "x-amz-checksum-crc32c")),
            AwsVector.Time);
        Assert.EndsWith(
            "Signature=106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
            signed.Authorization,
            StringComparison.Ordinal);
        Assert.True(signed.Chunks.VerifyChunk(
            First, "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2"u8));
        Assert.True(signed.Chunks.VerifyChunk(
            Second, "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7"u8));
        Assert.True(signed.Chunks.VerifyChunk(
            SHA256.HashData([]), "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"u8));
        Assert.True(signed.Chunks.VerifyTrailer(
            SHA256.HashData("x-amz-checksum-crc32c:sOO8/Q==\n"u8),
            "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435"u8));
    }

    [Fact]
    public void Chunk_with_changed_bytes_breaks_the_chain_for_good()
    {
        var chain = new SigV4ChunkChain(
            SigningKeyCache.Derive(AwsVector.SecretKey, AwsVector.Scope),
            AwsVector.Stamp,
            AwsVector.Scope,
            "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"u8);
        Assert.False(chain.VerifyChunk(
            Second, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"u8));
        Assert.False(chain.VerifyChunk(
            First, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"u8));
    }

    private static SignableRequest ChunkedRequest(string payloadHash, KeyValuePair<string, string> extra)
    {
        KeyValuePair<string, string>[] headers =
        [
            new("host", "s3.amazonaws.com"),
            new("x-amz-date", AwsVector.Stamp),
            new("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            new("x-amz-content-sha256", payloadHash),
            new("content-encoding", "aws-chunked"),
            new("x-amz-decoded-content-length", "66560"),
            extra,
        ];
        return new SignableRequest
        {
            Method = "PUT",
            Path = "/examplebucket/chunkObject.txt",
            Headers = headers,
            PayloadHash = payloadHash,
        };
    }

    private static byte[] Hash(int size) => SHA256.HashData(Encoding.ASCII.GetBytes(new string('a', size)));
}
