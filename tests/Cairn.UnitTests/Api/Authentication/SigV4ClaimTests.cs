using Cairn.Api.S3.Authentication;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cairn.UnitTests.Api.Authentication;

/// <summary>Method: the header as clients space and order it, and as fuzzers do.</summary>
public sealed class SigV4ClaimTests
{
    [Theory]
    [InlineData("AWS4-HMAC-SHA256 Credential=AK/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x, Signature=00ff")]
    [InlineData("AWS4-HMAC-SHA256 Credential=AK/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;x,Signature=00ff")]
    [InlineData("AWS4-HMAC-SHA256   Signature=00ff ,SignedHeaders=host;x,  Credential=AK/20130524/us-east-1/s3/aws4_request")]
    public void Parts_are_found_in_any_order_and_spacing(string header)
    {
        Assert.True(SigV4Claim.TryParseHeader(header, out SigV4Claim claim));
        Assert.Equal("AK", claim.AccessKey);
        Assert.Equal(20130524, claim.Day);
        Assert.Equal("us-east-1", claim.Region);
        Assert.Equal("s3", claim.Service);
        Assert.Equal("host;x", claim.SignedHeaders);
        Assert.Equal("00ff", claim.Signature);
    }

    [Fact]
    public void Access_key_may_contain_slashes()
    {
        var claim = default(SigV4Claim);
        Assert.True(claim.TryParseCredential("a/b/20130524/r/s3/aws4_request"));
        Assert.Equal("a/b", claim.AccessKey);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AK")]
    [InlineData("AK/20130524/us-east-1/s3")]
    [InlineData("AK/20130524/us-east-1/s3/aws4")]
    [InlineData("/20130524/us-east-1/s3/aws4_request")]
    [InlineData("AK/2013052/us-east-1/s3/aws4_request")]
    [InlineData("AK/2013052x/us-east-1/s3/aws4_request")]
    [InlineData("AK/20130524//s3/aws4_request")]
    [InlineData("AK/20130524/us-east-1//aws4_request")]
    public void Credential_that_lacks_a_part_is_refused(string credential)
    {
        var claim = default(SigV4Claim);
        Assert.False(claim.TryParseCredential(credential));
    }

    [Fact]
    public void Any_header_is_complete_or_refused_and_never_throws() => Prop.ForAll<string>(text =>
        IsCompleteOrRefused("AWS4-HMAC-SHA256 " + text)
        && IsCompleteOrRefused("AWS4-HMAC-SHA256 Credential=" + text + ",SignedHeaders=a,Signature=b"))
        .QuickCheckThrowOnFailure();

    // C2 8.
    [Theory]
    [InlineData("UNSIGNED-PAYLOAD", 0)]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 1)]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", 2)]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", 3)]
    [InlineData("STREAMING-UNSIGNED-PAYLOAD-TRAILER", 4)]
    public void Payload_literal_is_recognised(string literal, int mode)
    {
        Assert.Null(PayloadClaim.TryParse(literal, out PayloadClaim claim));
        Assert.Equal((PayloadMode)mode, claim.Mode);
    }

    [Theory]
    [InlineData("", "InvalidArgument")]
    [InlineData("unsigned-payload", "InvalidArgument")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85", "InvalidArgument")]
    [InlineData("g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "InvalidArgument")]
    [InlineData("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "NotImplemented")]
    public void Other_payload_literals_are_refused(string literal, string code) =>
        Assert.Equal(code, PayloadClaim.TryParse(literal, out _)?.Code);

    private static bool IsCompleteOrRefused(string header) =>
        !SigV4Claim.TryParseHeader(header, out SigV4Claim claim)
        || !(claim.AccessKey.IsEmpty || claim.SignedHeaders.IsEmpty || claim.Signature.IsEmpty);
}
