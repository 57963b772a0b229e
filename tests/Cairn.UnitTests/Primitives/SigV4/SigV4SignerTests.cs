using Cairn.Primitives.SigV4;
using Xunit;

namespace Cairn.UnitTests.Primitives.SigV4;

/// <summary>
/// Method: the published examples of AWS (S3 API reference and the general version 4 test suite) with their published
/// signatures; properties where no vector says enough.
/// </summary>
public sealed class SigV4SignerTests
{
    [Fact]
    public void Get_object_with_range_signs_as_published() => Assert.Equal(
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        AwsVector.Signature("GET", "/test.txt", "", SigV4Signature.EmptyPayloadHash, ("Range", "bytes=0-9")));

    [Fact]
    public void Put_object_with_dollar_in_key_signs_as_published() => Assert.Equal(
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        AwsVector.Signature(
            "PUT",
            "/test%24file.text",
            "",
            "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            ("Date", "Fri, 24 May 2013 00:00:00 GMT"),
            ("x-amz-storage-class", "REDUCED_REDUNDANCY")));

    // C2 1: whichever spelling is on the wire, the canonical one is signed.
    [Fact]
    public void Bare_dollar_signs_like_the_encoded_one() => Assert.Equal(
        AwsVector.Signature("PUT", "/test%24file.text", "", SigV4Signature.EmptyPayloadHash),
        AwsVector.Signature("PUT", "/test$file.text", "", SigV4Signature.EmptyPayloadHash));

    // C2 3: a parameter without a value gets its equals sign.
    [Theory]
    [InlineData("lifecycle")]
    [InlineData("lifecycle=")]
    public void Valueless_parameter_signs_as_published(string query) => Assert.Equal(
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        AwsVector.Signature("GET", "/", query, SigV4Signature.EmptyPayloadHash));

    [Theory]
    [InlineData("max-keys=2&prefix=J")]
    [InlineData("prefix=J&max-keys=2")]
    [InlineData("prefix=%4A&max-keys=2")]
    public void Listing_signs_as_published_in_any_order_and_spelling(string query) => Assert.Equal(
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        AwsVector.Signature("GET", "/", query, SigV4Signature.EmptyPayloadHash));

    [Fact]
    public void Presigned_get_is_the_published_link()
    {
        var request = new SignableRequest
        {
            Method = "GET",
            Path = "/test.txt",
            Headers = [new("host", AwsVector.Host)],
            PayloadHash = "UNSIGNED-PAYLOAD",
        };
        Assert.Equal(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3"
            + "%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
            + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
            AwsVector.Signer.Presign(request, AwsVector.Time, TimeSpan.FromDays(1)));
    }

    [Fact]
    public void Authorization_header_has_the_field_order_of_the_documentation() => Assert.StartsWith(
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=",
        AwsVector.Sign("GET", "/test.txt", "", SigV4Signature.EmptyPayloadHash, ("Range", "bytes=0-9")).Authorization,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("get-vanilla", "GET", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData(
        "get-vanilla-query-order-key-case",
        "GET",
        "Param2=value2&Param1=value1",
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("post-vanilla", "POST", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    public void General_test_suite_signs_as_published(string name, string method, string query, string signature)
    {
        var signer = new SigV4Signer(
            "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service");
        var request = new SignableRequest
        {
            Method = method,
            Path = "/",
            Query = query,
            Headers = [new("Host", "example.amazonaws.com"), new("X-Amz-Date", "20150830T123600Z")],
            PayloadHash = SigV4Signature.EmptyPayloadHash,
        };
        string authorization = signer.Sign(request, AwsVector.At("20150830T123600Z")).Authorization;
        Assert.True(authorization.EndsWith(signature, StringComparison.Ordinal), name + ": " + authorization);
    }
}
