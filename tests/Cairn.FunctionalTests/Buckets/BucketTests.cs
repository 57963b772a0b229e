using Amazon.S3.Model;
using Cairn.Api.S3;
using Cairn.FunctionalTests.Hosting;
using Cairn.Primitives.SigV4;
using Xunit;

namespace Cairn.FunctionalTests.Buckets;

/// <summary>Method: AWS's client for what it can say, raw requests for the rest.</summary>
public sealed class BucketTests(S3Server server)
{
    // C2 43.
    [Theory]
    [InlineData("ab")]
    [InlineData("Upper")]
    [InlineData("under_score")]
    [InlineData("-leading")]
    [InlineData("trailing-")]
    [InlineData("two..dots")]
    [InlineData("dot.-hyphen")]
    [InlineData("hyphen-.dot")]
    [InlineData("192.168.5.4")]
    [InlineData("xn--bucket")]
    [InlineData("sthree-bucket")]
    [InlineData("amzn-s3-demo-bucket")]
    [InlineData("bucket-s3alias")]
    [InlineData("bucket--ol-s3")]
    [InlineData("bucket.mrap")]
    [InlineData("bucket--x-s3")]
    [InlineData("bucket--table-s3")]
    [InlineData("a123456789012345678901234567890123456789012345678901234567890123")]
    [InlineData("%2e%2e")]
    [InlineData("a%2fb")]
    public async Task Bad_name_is_refused(string name)
    {
        RawResponse got = await server.Raw.PutAsync("/" + name, "");
        Assert.Equal((400, "InvalidBucketName"), (got.Status, got.Code));
    }

    // C2 40 and 39: dots are fine in path style.
    [Theory]
    [InlineData("abc")]
    [InlineData("with.dots.in-it")]
    [InlineData("a12345678901234567890123456789012345678901234567890123456789012")]
    public async Task Good_name_is_taken_with_and_without_a_slash(string name)
    {
        Assert.Equal(200, (await server.Raw.PutAsync($"/{name}", "")).Status);
        Assert.Equal(200, (await server.Raw.SendAsync(new RawRequest("HEAD", $"/{name}/"))).Status);
        Assert.Equal(200, (await server.Raw.SendAsync(new RawRequest("HEAD", $"/{name}"))).Status);
        Assert.Equal(204, (await server.Raw.SendAsync(new RawRequest("DELETE", $"/{name}/"))).Status);
        Assert.Equal(404, (await server.Raw.SendAsync(new RawRequest("HEAD", $"/{name}"))).Status);
    }

    // C2 44.
    [Fact]
    public async Task Making_a_bucket_again_depends_on_the_region()
    {
        string bucket = await server.NewBucketAsync();
        Assert.Equal(200, (await server.Raw.PutAsync($"/{bucket}", "")).Status);
        Uri elsewhere = await server.StartAsync(new S3Options { Region = "eu-west-1" });
        var raw = new RawS3(elsewhere, new SigV4Signer(S3Server.AccessKey, S3Server.SecretKey, "eu-west-1"));
        RawResponse again = await raw.PutAsync($"/{bucket}", "");
        Assert.Equal((409, "BucketAlreadyOwnedByYou"), (again.Status, again.Code));
    }

    // C2 45.
    [Theory]
    [InlineData("<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>", 200, null)]
    [InlineData("<CreateBucketConfiguration><LocationConstraint/></CreateBucketConfiguration>", 200, null)]
    [InlineData("<CreateBucketConfiguration><LocationConstraint>us-east-1</LocationConstraint></CreateBucketConfiguration>", 200, null)]
    [InlineData(
        "<CreateBucketConfiguration><LocationConstraint>mars</LocationConstraint></CreateBucketConfiguration>",
        400,
        "InvalidLocationConstraint")]
    [InlineData("<CreateBucketConfiguration>", 400, "MalformedXML")]
    [InlineData("garbage", 400, "MalformedXML")]
    [InlineData("<Other/>", 400, "MalformedXML")]
    public async Task Location_constraint_is_checked(string body, int status, string? code)
    {
        RawResponse got = await server.Raw.PutAsync($"/location-{Math.Abs(body.GetHashCode(StringComparison.Ordinal))}", body);
        Assert.Equal((status, code), (got.Status, got.Code));
    }

    // C2 45 and 46.
    [Fact]
    public async Task Location_of_the_oldest_region_is_empty_and_head_names_it()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse location = await server.Raw.GetAsync($"/{bucket}", "location=");
        Assert.Equal("", location.Xml.Value);
        Assert.Equal("LocationConstraint", location.Xml.Name.LocalName);
        RawResponse head = await server.Raw.SendAsync(new RawRequest("HEAD", $"/{bucket}"));
        Assert.Equal("us-east-1", head.Header("x-amz-bucket-region"));
    }

    // C1: rclone creates buckets this way.
    [Theory]
    [InlineData("false", 200)]
    [InlineData("true", 501)]
    public async Task Object_lock_header_is_tolerated_when_it_says_no(string value, int status)
    {
        RawResponse got = await server.Raw.PutAsync(
            "/locked-" + value, "", ("X-Amz-Bucket-Object-Lock-Enabled", value));
        Assert.Equal(status, got.Status);
    }

    // C2 47.
    [Theory]
    [InlineData("000000000000", 200)]
    [InlineData("111122223333", 403)]
    public async Task Expected_owner_must_be_the_owner(string owner, int status)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("GET", $"/{bucket}") { Headers = [("x-amz-expected-bucket-owner", owner)] });
        Assert.Equal(status, got.Status);
    }

    [Fact]
    public async Task Bucket_with_objects_is_not_deleted()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        RawResponse got = await server.Raw.SendAsync(new RawRequest("DELETE", $"/{bucket}"));
        Assert.Equal((409, "BucketNotEmpty"), (got.Status, got.Code));
    }

    // C2 88.
    [Fact]
    public async Task Unfinished_upload_does_not_keep_its_bucket()
    {
        string bucket = await server.NewBucketAsync();
        await server.Client.InitiateMultipartUploadAsync(bucket, "k");
        Assert.Equal(204, (await server.Raw.SendAsync(new RawRequest("DELETE", $"/{bucket}"))).Status);
    }

    // C2 89.
    [Fact]
    public async Task Versioning_is_empty_until_it_is_configured()
    {
        string bucket = await server.NewBucketAsync();
        Assert.Empty((await server.Raw.GetAsync($"/{bucket}", "versioning")).Xml.Elements());
        foreach (string status in (string[])["Enabled", "Suspended"])
        {
            RawResponse put = await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}") { Query = "versioning" }
                .WithText($"<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>"));
            Assert.Equal(200, put.Status);
            Assert.Equal(status, (await server.Raw.GetAsync($"/{bucket}", "versioning")).Xml.Value);
        }
    }

    [Theory]
    [InlineData("<VersioningConfiguration/>", 400, "IllegalVersioningConfigurationException")]
    [InlineData("<VersioningConfiguration><Status>Off</Status></VersioningConfiguration>", 400, "IllegalVersioningConfigurationException")]
    [InlineData("", 400, "MalformedXML")]
    public async Task Bad_versioning_is_refused(string body, int status, string code)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await server.Raw.SendAsync(
            new RawRequest("PUT", $"/{bucket}") { Query = "versioning" }.WithText(body));
        Assert.Equal((status, code), (put.Status, put.Code));
    }

    // C2 92.
    [Fact]
    public async Task Bucket_tags_are_set_read_and_removed()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse none = await server.Raw.GetAsync($"/{bucket}", "tagging");
        Assert.Equal((404, "NoSuchTagSet"), (none.Status, none.Code));
        await server.Client.PutBucketTaggingAsync(bucket, [new Tag { Key = "a", Value = "1" }, new Tag { Key = "b", Value = "" }]);
        GetBucketTaggingResponse tags = await server.Client.GetBucketTaggingAsync(
            new GetBucketTaggingRequest { BucketName = bucket });
        Assert.Equal(["a=1", "b="], tags.TagSet.Select(tag => tag.Key + "=" + tag.Value));
        await server.Client.DeleteBucketTaggingAsync(bucket);
        Assert.Equal(404, (await server.Raw.GetAsync($"/{bucket}", "tagging")).Status);
    }

    // C2 93.
    [Fact]
    public async Task Acl_shows_the_owner_and_takes_no_other()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        foreach (string path in (string[])[$"/{bucket}", $"/{bucket}/k"])
        {
            RawResponse acl = await server.Raw.GetAsync(path, "acl");
            Assert.Contains("FULL_CONTROL", acl.Text, StringComparison.Ordinal);
            RawRequest put = new("PUT", path) { Query = "acl" };
            RawResponse same = await server.Raw.SendAsync(put with { Headers = [("x-amz-acl", "private")] });
            Assert.Equal(200, same.Status);
            RawResponse other = await server.Raw.SendAsync(put with { Headers = [("x-amz-acl", "public-read")] });
            Assert.Equal((400, "AccessControlListNotSupported"), (other.Status, other.Code));
            RawResponse body = await server.Raw.SendAsync(put.WithText("<AccessControlPolicy/>"));
            Assert.Equal((400, "AccessControlListNotSupported"), (body.Status, body.Code));
        }

        // C2 36: a put of an acl must never be a put of the object.
        Assert.Equal("x", (await server.Raw.GetAsync($"/{bucket}/k")).Text);
    }

    // C2 83.
    [Fact]
    public async Task Buckets_are_listed_in_pages()
    {
        string bucket = await server.NewBucketAsync();
        string prefix = "paged-" + bucket;
        string[] names = [.. Enumerable.Range(0, 5).Select(number => $"{prefix}-{number}")];
        foreach (string name in names)
        {
            await server.Raw.PutAsync("/" + name, "");
        }

        var seen = new List<string>();
        string? token = null;
        do
        {
            ListBucketsResponse page = await server.Client.ListBucketsAsync(
                new ListBucketsRequest { Prefix = prefix, MaxBuckets = 2, ContinuationToken = token });
            Assert.InRange(page.Buckets.Count, 1, 2);
            seen.AddRange(page.Buckets.Select(found => found.BucketName));
            token = page.ContinuationToken;
        }
        while (token is not null);
        Assert.Equal(names, seen);
    }

    // C2 39.
    [Theory]
    [InlineData("{0}." + S3Server.Domain)]
    [InlineData("{0}." + S3Server.Domain + ":9000")]
    [InlineData("{0}." + S3Server.Domain + ".")]
    public async Task Virtual_host_names_the_bucket(string format)
    {
        string bucket = await server.NewBucketAsync();
        string host = format.Replace("{0}", bucket, StringComparison.Ordinal);
        RawResponse put = await server.Raw.SendAsync(new RawRequest("PUT", "/k/l") { Host = host }.WithText("x"));
        Assert.Equal(200, put.Status);
        Assert.Equal("x", (await server.Raw.GetAsync($"/{bucket}/k/l")).Text);
        Assert.Equal(200, (await server.Raw.SendAsync(new RawRequest("HEAD", "/") { Host = host })).Status);
    }

    // C2 39.
    [Theory]
    [InlineData(S3Server.Domain)]
    [InlineData("elsewhere.example.org")]
    [InlineData("10.1.2.3:80")]
    public async Task Other_hosts_are_path_style(string host)
    {
        string bucket = await server.NewBucketAsync();
        Assert.Equal(200, (await server.Raw.SendAsync(new RawRequest("HEAD", $"/{bucket}") { Host = host })).Status);
    }

    // Tags may come with the bucket; to answer 200 and forget them would be a lie.
    [Fact]
    public async Task Tags_of_a_new_bucket_are_kept()
    {
        const string name = "bucket-made-with-tags";
        const string format =
            "<CreateBucketConfiguration><Tags><Tag><Key>{0}</Key><Value>1</Value></Tag></Tags></CreateBucketConfiguration>";
        RawResponse bad = await server.Raw.PutAsync("/" + name, format.Replace("{0}", "aws:no", StringComparison.Ordinal));
        Assert.Equal((400, "InvalidTag"), (bad.Status, bad.Code));
        Assert.Equal(404, (await server.Raw.SendAsync(new RawRequest("HEAD", "/" + name))).Status);
        Assert.Equal(200, (await server.Raw.PutAsync("/" + name, format.Replace("{0}", "a", StringComparison.Ordinal))).Status);
        Assert.Contains("<Key>a</Key><Value>1</Value>", (await server.Raw.GetAsync("/" + name, "tagging")).Text, StringComparison.Ordinal);
    }

    // C2 92.
    [Theory]
    [InlineData(50, 204)]
    [InlineData(51, 400)]
    public async Task Bucket_has_at_most_fifty_tags(int count, int status)
    {
        string bucket = await server.NewBucketAsync();
        string tags = string.Concat(Enumerable.Range(0, count).Select(number => $"<Tag><Key>k{number}</Key><Value/></Tag>"));
        RawResponse put = await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}") { Query = "tagging" }
            .WithText($"<Tagging><TagSet>{tags}</TagSet></Tagging>"));
        Assert.Equal(status, put.Status);
    }

    // C2 83.
    [Theory]
    [InlineData("us-east-1", 1)]
    [InlineData("eu-west-1", 0)]
    public async Task Buckets_are_all_in_one_region(string region, int count)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse got = await server.Raw.GetAsync("/", $"prefix={bucket}&bucket-region={region}");
        Assert.Equal(count, got.Text.Split($"<Name>{bucket}</Name>").Length - 1);
    }

    [Theory]
    [InlineData("max-buckets=0")]
    [InlineData("max-buckets=10001")]
    [InlineData("max-buckets=x")]
    [InlineData("continuation-token=%21")]
    public async Task Bad_page_of_buckets_is_refused(string query)
    {
        RawResponse got = await server.Raw.GetAsync("/", query);
        Assert.Equal((400, "InvalidArgument"), (got.Status, got.Code));
    }

    // A version that was hidden still is one.
    [Fact]
    public async Task Bucket_with_nothing_but_old_versions_is_not_deleted()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}") { Query = "versioning" }
            .WithText("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"));
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        await server.Raw.SendAsync(new RawRequest("DELETE", $"/{bucket}/k"));
        RawResponse got = await server.Raw.SendAsync(new RawRequest("DELETE", $"/{bucket}"));
        Assert.Equal((409, "BucketNotEmpty"), (got.Status, got.Code));
    }
}
