using System.Globalization;
using Cairn.Drives.Registers;
using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Listing;
using Cairn.Objects.Multipart;
using Cairn.Objects.Versions;
using Cairn.UnitTests.Objects.Store;
using Xunit;

namespace Cairn.UnitTests.Objects.Multipart;

/// <remarks>
/// Method: uploads on the whole store (parts of at least 100 bytes); what is completed must read as the parts joined,
/// and afterwards neither uploads, parts nor bytes that nobody names may be left.
/// </remarks>
public sealed class MultipartTests
{
    private const string Key = "dir/key";

    [Fact]
    public void Parts_become_an_object_and_nothing_else_is_left() => StoreFixture.Run(async fixture =>
    {
        byte[][] bytes = [StoreFixture.Bytes(150, 1), StoreFixture.Bytes(100, 2), StoreFixture.Bytes(1, 3)];
        string upload = await fixture.CreateUploadAsync(Key);
        CompletedPart[] parts = new CompletedPart[3];
        foreach (int number in new[] { 2, 0, 1 })
        {
            parts[number] = await fixture.PutPartAsync(Key, upload, (number * 7) + 1, bytes[number]);
        }

        await fixture.PutPartAsync(Key, upload, 10_000, StoreFixture.Bytes(500, 4));
        ObjectResult<PutReceipt> done = await fixture.CompleteAsync(Key, upload, parts);

        Assert.Equal(ObjectError.None, done.Error);
        byte[] md5s = [.. bytes.SelectMany(part => Convert.FromHexString(StoreFixture.ETagOf(part)))];
        Assert.Equal(StoreFixture.ETagOf(md5s) + "-3", done.Value!.ETag);
        Assert.Equal(251, done.Value.Size);
        Assert.Equal((byte[])[.. bytes.SelectMany(part => part)], await fixture.ReadAsync(Key));
        ObjectDescription description = await fixture.DescribeAsync(Key);
        Assert.Equal(3, description.PartCount);
        await fixture.SettleAsync();
        Assert.Equal(3, fixture.CountData());
        await AssertNoUploadsAsync(fixture);
        await fixture.DeleteAsync(Key);
        await fixture.SettleAsync();
        Assert.Equal(0, fixture.CountData());
    });

    [Fact]
    public void The_object_keeps_its_part_table_and_the_uploads_metadata() => StoreFixture.Run(async fixture =>
    {
        PutRequest request = StoreFixture.Request(Key) with
        {
            Metadata = [new("content-type", "a/b")],
            Tags = [new("t", "v")],
            StorageClass = "REDUCED_REDUNDANCY",
        };
        ObjectResult<UploadDescription> upload = await fixture.Store.CreateUploadAsync(
            request, ChecksumAlgorithm.Sha256, ChecksumType.Composite, default);
        string id = upload.Value!.UploadId;
        CompletedPart one = await fixture.PutPartAsync(Key, id, 1, StoreFixture.Bytes(100), ChecksumAlgorithm.Sha256);
        CompletedPart two = await fixture.PutPartAsync(Key, id, 5, StoreFixture.Bytes(7), ChecksumAlgorithm.Sha256);

        ObjectResult<PutReceipt> done = await fixture.CompleteAsync(Key, id, one, two);

        Assert.Equal(ChecksumType.Composite, done.Value!.Checksum!.Type);
        ObjectResult<ObjectReader> opened = await fixture.Store.OpenAsync(StoreFixture.Bucket, Key, null, default);
        await using ObjectReader reader = opened.Value!;
        Assert.Equal([(1, 100L, one.ETag), (5, 7L, two.ETag)], reader.Parts.Select(p => (p.Number, p.Size, p.ETag)));
        Assert.Equal(one.Checksum!.Value.ToArray(), reader.Parts[0].Checksum!.Value.ToArray());
        Assert.Equal(request.Metadata, reader.Description.Metadata);
        Assert.Equal(request.Tags, reader.Description.Tags);
        Assert.Equal("REDUCED_REDUNDANCY", reader.Description.StorageClass);
    });

    [Fact]
    public void What_the_client_names_must_be_what_was_uploaded() => StoreFixture.Run(async fixture =>
    {
        string upload = await fixture.CreateUploadAsync(Key, ChecksumAlgorithm.Crc32, ChecksumType.FullObject);
        CompletedPart one = await fixture.PutPartAsync(Key, upload, 1, StoreFixture.Bytes(50, 1), ChecksumAlgorithm.Crc32);
        CompletedPart two = await fixture.PutPartAsync(Key, upload, 2, StoreFixture.Bytes(100, 2), ChecksumAlgorithm.Crc32);

        Assert.Equal(ObjectError.InvalidPartOrder, (await fixture.CompleteAsync(Key, upload, two, one)).Error);
        Assert.Equal(ObjectError.InvalidPartOrder, (await fixture.CompleteAsync(Key, upload, one, one)).Error);
        Assert.Equal(ObjectError.InvalidPart, (await fixture.CompleteAsync(Key, upload, one with { ETag = two.ETag })).Error);
        Assert.Equal(ObjectError.InvalidPart, (await fixture.CompleteAsync(Key, upload, two with { Number = 3 })).Error);
        Assert.Equal(
            ObjectError.InvalidPart,
            (await fixture.CompleteAsync(Key, upload, one with { Checksum = two.Checksum })).Error);
        Assert.Equal(ObjectError.PartTooSmall, (await fixture.CompleteAsync(Key, upload, one, two)).Error);
        CompleteRequest request = new() { Bucket = StoreFixture.Bucket, Key = Key, UploadId = upload, Parts = [two] };
        Assert.Equal(
            ObjectError.CompletionMismatch,
            (await fixture.Store.CompleteUploadAsync(request with { ExpectedSize = 99 }, default)).Error);
        Assert.Equal(
            ObjectError.CompletionMismatch,
            (await fixture.Store.CompleteUploadAsync(request with { ExpectedChecksum = one.Checksum }, default)).Error);
        Assert.Equal(
            ObjectError.None,
            (await fixture.Store.CompleteUploadAsync(
                request with { ExpectedSize = 100, ExpectedChecksum = two.Checksum }, default)).Error);
    });

    [Fact]
    public void A_part_put_again_replaces_the_earlier_one() => StoreFixture.Run(async fixture =>
    {
        string upload = await fixture.CreateUploadAsync(Key);
        CompletedPart old = await fixture.PutPartAsync(Key, upload, 1, StoreFixture.Bytes(100, 1));
        CompletedPart part = await fixture.PutPartAsync(Key, upload, 1, StoreFixture.Bytes(100, 2));
        await fixture.SettleAsync();

        Assert.Equal(1, fixture.CountData());
        Assert.Equal(ObjectError.InvalidPart, (await fixture.CompleteAsync(Key, upload, old)).Error);
        Assert.Equal(ObjectError.None, (await fixture.CompleteAsync(Key, upload, part)).Error);
        Assert.Equal(StoreFixture.Bytes(100, 2), await fixture.ReadAsync(Key));
    });

    [Theory]
    [InlineData(BucketVersioning.Off)]
    [InlineData(BucketVersioning.Enabled)]
    public void A_completion_repeated_answers_the_same_receipt(BucketVersioning versioning) => StoreFixture.Run(
        async fixture =>
        {
            if (versioning != BucketVersioning.Off)
            {
                await fixture.SetVersioningAsync(versioning);
            }

            string upload = await fixture.CreateUploadAsync(Key);
            CompletedPart part = await fixture.PutPartAsync(Key, upload, 1, StoreFixture.Bytes(10));
            CompletedPart other = await fixture.PutPartAsync(Key, upload, 2, StoreFixture.Bytes(11));
            ObjectResult<PutReceipt> first = await fixture.CompleteAsync(Key, upload, part);
            ObjectResult<PutReceipt> again = await fixture.CompleteAsync(Key, upload, part);

            Assert.Equal(first.Value, again.Value);
            Assert.Equal(ObjectError.NoSuchUpload, (await fixture.CompleteAsync(Key, upload, other)).Error);
            await fixture.PutAsync(Key, "newer");
            ObjectResult<PutReceipt> late = await fixture.CompleteAsync(Key, upload, part);
            Assert.Equal(
                versioning == BucketVersioning.Off ? ObjectError.NoSuchUpload : ObjectError.None, late.Error);
            Assert.Equal("newer", await fixture.ReadTextAsync(Key));
        });

    [Fact]
    public void A_completion_in_a_versioned_bucket_is_the_current_version() => StoreFixture.Run(async fixture =>
    {
        await fixture.SetVersioningAsync(BucketVersioning.Enabled);
        string upload = await fixture.CreateUploadAsync(Key);
        CompletedPart part = await fixture.PutPartAsync(Key, upload, 1, StoreFixture.Bytes(10));
        PutReceipt before = await fixture.PutAsync(Key, "put while the upload was under way");

        ObjectResult<PutReceipt> done = await fixture.CompleteAsync(Key, upload, part);

        ObjectDescription current = await fixture.DescribeAsync(Key);
        Assert.True(done.Value!.IsVersioned);
        Assert.Equal(done.Value.Version, current.Version);
        Assert.Equal(done.Value.LastModified, current.LastModified);
        Assert.NotEqual(before.Version, current.Version);
    });

    [Fact]
    public void After_a_failed_condition_the_upload_stays() => StoreFixture.Run(async fixture =>
    {
        string upload = await fixture.CreateUploadAsync(Key);
        CompletedPart part = await fixture.PutPartAsync(Key, upload, 1, StoreFixture.Bytes(10));
        await fixture.PutAsync(Key, "in the way");
        CompleteRequest request = new()
        {
            Bucket = StoreFixture.Bucket,
            Key = Key,
            UploadId = upload,
            Parts = [part],
            Condition = new WriteCondition(true, null),
        };

        Assert.Equal(ObjectError.PreconditionFailed, (await fixture.Store.CompleteUploadAsync(request, default)).Error);
        await fixture.DeleteAsync(Key);
        Assert.Equal(ObjectError.None, (await fixture.Store.CompleteUploadAsync(request, default)).Error);
        Assert.Equal(StoreFixture.Bytes(10), await fixture.ReadAsync(Key));
    });

    [Fact]
    public void An_aborted_upload_leaves_nothing() => StoreFixture.Run(async fixture =>
    {
        string upload = await fixture.CreateUploadAsync(Key);
        CompletedPart part = await fixture.PutPartAsync(Key, upload, 1, StoreFixture.Bytes(1000));

        Assert.Equal(ObjectError.None, await AbortAsync(fixture, upload));

        Assert.Equal(ObjectError.NoSuchUpload, await AbortAsync(fixture, upload));
        Assert.Equal(ObjectError.NoSuchUpload, (await fixture.CompleteAsync(Key, upload, part)).Error);
        ObjectResult<ObjectPart> late = await fixture.Store.PutPartAsync(
            StoreFixture.Bucket, Key, upload, 2, new TestBody([1]), default);
        Assert.Equal(ObjectError.NoSuchUpload, late.Error);
        await fixture.SettleAsync();
        Assert.Equal(0, fixture.CountData());
        await AssertNoUploadsAsync(fixture);
    });

    [Fact]
    public void A_part_whose_upload_ends_while_its_body_is_read_is_dropped() => StoreFixture.Run(async fixture =>
    {
        string upload = await fixture.CreateUploadAsync(Key);
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<ObjectResult<ObjectPart>> slow = fixture.Store.PutPartAsync(
            StoreFixture.Bucket, Key, upload, 1, new TestBody([1, 2]) { WaitsFor = gate.Task }, default).AsTask();
        await fixture.SettleAsync();
        await AbortAsync(fixture, upload);
        gate.SetResult();

        Assert.Equal(ObjectError.NoSuchUpload, (await slow).Error);
        await fixture.SettleAsync();
        Assert.Equal(0, fixture.CountData());
    });

    [Fact]
    public void Unknown_upload_ids_are_not_found() => StoreFixture.Run(async fixture =>
    {
        foreach (string id in new[] { "", "nonsense", "../../etc", new string('0', 32), new string('f', 32), "a\0b" })
        {
            Assert.Equal(
                ObjectError.NoSuchUpload,
                (await fixture.Store.GetUploadAsync(StoreFixture.Bucket, Key, id, default)).Error);
            Assert.Equal(ObjectError.NoSuchUpload, await AbortAsync(fixture, id));
            Assert.Equal(
                ObjectError.NoSuchUpload, (await fixture.CompleteAsync(Key, id, new CompletedPart(1, "e", null))).Error);
        }

        string upload = await fixture.CreateUploadAsync(Key);
        Assert.Equal(
            ObjectError.NoSuchUpload,
            (await fixture.Store.GetUploadAsync(StoreFixture.Bucket, "other", upload, default)).Error);
    });

    [Fact]
    public void Parts_are_listed_by_number_in_pages() => StoreFixture.Run(async fixture =>
    {
        string upload = await fixture.CreateUploadAsync(Key);
        foreach (int number in new[] { 300, 1, 256, 2 })
        {
            await fixture.PutPartAsync(Key, upload, number, StoreFixture.Bytes(number));
        }

        List<(int, long)> seen = [];
        int? after = 0;
        int pages = 0;
        while (after is { } from)
        {
            PartPage page = (await fixture.Store.ListPartsAsync(
                StoreFixture.Bucket, Key, upload, from, 3, default)).Value!;
            seen.AddRange(page.Parts.Select(part => (part.Number, part.Size)));
            after = page.Next;
            pages++;
        }

        Assert.Equal([(1, 1L), (2, 2L), (256, 256L), (300, 300L)], seen);
        Assert.Equal(2, pages);
        PartPage none = (await fixture.Store.ListPartsAsync(StoreFixture.Bucket, Key, upload, 0, 0, default)).Value!;
        Assert.Empty(none.Parts);
        Assert.Null(none.Next);
    });

    [Fact]
    public void A_thousand_parts_become_one_object() => StoreFixture.Run(
        async fixture =>
        {
            string upload = await fixture.CreateUploadAsync(Key);
            List<CompletedPart> parts = [];
            for (int number = 1; number <= 1000; number++)
            {
                parts.Add(await fixture.PutPartAsync(Key, upload, number, StoreFixture.Bytes(100, number)));
            }

            ObjectResult<PutReceipt> done = await fixture.CompleteAsync(Key, upload, parts);

            Assert.EndsWith("-1000", done.Value!.ETag, StringComparison.Ordinal);
            byte[] read = await fixture.ReadAsync(Key);
            Assert.Equal(StoreFixture.Bytes(100, 777), read[(776 * 100)..(777 * 100)]);
            await fixture.SettleAsync();
            await AssertNoUploadsAsync(fixture);
        },
        seeds: 1);

    private static ValueTask<ObjectError> AbortAsync(StoreFixture fixture, string upload) =>
        fixture.Store.AbortUploadAsync(StoreFixture.Bucket, Key, upload, default);

    private static async Task AssertNoUploadsAsync(StoreFixture fixture)
    {
        ObjectResult<UploadPage> uploads = await fixture.Store.ListUploadsAsync(
            new UploadQuery { Bucket = StoreFixture.Bucket }, default);
        Assert.Empty(uploads.Value!.Uploads);
        await fixture.SettleAsync();
        Assert.Equal(
            "no registers",
            fixture.CountRegisters(RegisterSpace.Uploads) + fixture.CountRegisters(RegisterSpace.Parts) is var left && left == 0
                ? "no registers"
                : left.ToString(CultureInfo.InvariantCulture) + " registers");
    }
}
