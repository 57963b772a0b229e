using Amazon.S3.Model;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Objects;

/// <summary>Method: tags by header and by document, at and over S3's limits. C2 92.</summary>
public sealed class TaggingTests(S3Server server)
{
    [Fact]
    public async Task Tags_are_set_read_and_removed()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        Assert.Empty(await TagsAsync(bucket));
        await server.Client.PutObjectTaggingAsync(new PutObjectTaggingRequest
        {
            BucketName = bucket,
            Key = "k",
            Tagging = new Tagging { TagSet = [new Tag { Key = "a&b", Value = "<é>" }, new Tag { Key = "c", Value = "" }] },
        });
        Assert.Equal(["a&b=<é>", "c="], await TagsAsync(bucket));
        Assert.Equal("2", (await server.Raw.GetAsync($"/{bucket}/k")).Header("x-amz-tagging-count"));
        Assert.Equal(204, (await server.Raw.SendAsync(new RawRequest("DELETE", $"/{bucket}/k") { Query = "tagging" })).Status);
        Assert.Empty(await TagsAsync(bucket));
        // A delete of the tags must never be a delete of the object.
        Assert.Equal("x", (await server.Raw.GetAsync($"/{bucket}/k")).Text);
    }

    [Fact]
    public async Task Header_is_encoded_like_a_query()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x", ("x-amz-tagging", "a%26b=1+2&c=%C3%A9&d"));
        Assert.Equal(["a&b=1 2", "c=é", "d="], await TagsAsync(bucket));
    }

    [Theory]
    [InlineData(10, 128, 256, 200)]
    [InlineData(11, 1, 1, 400)]
    [InlineData(1, 129, 1, 400)]
    [InlineData(1, 1, 257, 400)]
    [InlineData(1, 0, 1, 400)]
    public async Task Limits_hold_in_header_and_document(int count, int keyLength, int valueLength, int status)
    {
        string bucket = await server.NewBucketAsync();
        (string Key, string Value)[] tags =
        [
            .. Enumerable.Range(0, count).Select(number => (
                keyLength == 0 ? "" : (char)('a' + number) + new string('k', keyLength - 1),
                new string('v', valueLength))),
        ];
        RawResponse header = await server.Raw.PutAsync(
            $"/{bucket}/k", "x", ("x-amz-tagging", string.Join('&', tags.Select(tag => $"{tag.Key}={tag.Value}"))));
        Assert.Equal(status, header.Status);
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        string set = string.Concat(tags.Select(tag => $"<Tag><Key>{tag.Key}</Key><Value>{tag.Value}</Value></Tag>"));
        RawResponse document = await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}/k") { Query = "tagging" }
            .WithText($"<Tagging><TagSet>{set}</TagSet></Tagging>"));
        Assert.Equal((status, status == 200 ? null : "InvalidTag"), (document.Status, document.Code));
    }

    [Theory]
    [InlineData("a=1&a=2")]
    [InlineData("aws:reserved=1")]
    public async Task Bad_tags_are_refused(string tagging)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await server.Raw.PutAsync($"/{bucket}/k", "x", ("x-amz-tagging", tagging));
        Assert.Equal((400, "InvalidTag"), (put.Status, put.Code));
    }

    [Theory]
    [InlineData("<Tagging/>")]
    [InlineData("<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>")]
    [InlineData("nothing")]
    public async Task Malformed_document_is_refused(string document)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        RawResponse put = await server.Raw.SendAsync(
            new RawRequest("PUT", $"/{bucket}/k") { Query = "tagging" }.WithText(document));
        Assert.Equal((400, "MalformedXML"), (put.Status, put.Code));
    }

    [Fact]
    public async Task Tags_of_a_missing_key_are_404()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse got = await server.Raw.GetAsync($"/{bucket}/none", "tagging");
        Assert.Equal((404, "NoSuchKey"), (got.Status, got.Code));
    }

    private async Task<string[]> TagsAsync(string bucket)
    {
        GetObjectTaggingResponse tags = await server.Client.GetObjectTaggingAsync(
            new GetObjectTaggingRequest { BucketName = bucket, Key = "k" });
        return [.. (tags.Tagging ?? []).Select(tag => tag.Key + "=" + tag.Value)];
    }
}
