using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Data;
using Cairn.Objects.Records;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cairn.UnitTests.Objects.Records;

/// <remarks>
/// Method: a record with every field set goes through its codec; its bytes are compared with the golden file; a newer
/// format and every shorter run of the bytes must be refused by name, never misread.
/// </remarks>
public sealed class RecordCodecTests
{
    public static TheoryData<string> Kinds => ["single", "multipart", "marker", "bucket", "upload", "part"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Format_1_has_the_bytes_of_its_golden_file(string kind) =>
        GoldenFile.Check($"Objects/Records/{kind}.v1", Encode(kind));

    [Fact]
    public void Format_2_of_a_bucket_has_the_bytes_of_its_golden_file_and_comes_back()
    {
        BucketRecord record = RecordSamples.Bucket with { State = BucketState.Ending, Attempt = 0x0102_0304_0506_0708 };
        byte[] encoded = BucketRecordCodec.Encode(record);
        GoldenFile.Check("Objects/Records/bucket.v2", encoded);
        BucketRecord decoded = BucketRecordCodec.Decode(encoded);
        Assert.Equal(record with { Tags = decoded.Tags }, decoded);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_newer_format_is_refused_with_both_versions(string kind)
    {
        byte known = kind == "bucket" ? BucketRecordCodec.Format : (byte)1;
        byte[] newer = [.. Encode(kind)];
        newer[0] = (byte)(known + 1);

        RecordFormatException refusal = Assert.Throws<RecordFormatException>(() => Decode(kind, newer));

        Assert.Contains($"format {known + 1}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"up to {known}", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_record_cut_short_anywhere_is_refused(string kind)
    {
        byte[] whole = Encode(kind);
        for (int size = 0; size < whole.Length; size++)
        {
            Assert.Throws<RecordFormatException>(() => Decode(kind, whole[..size]));
        }
    }

    [Fact]
    public void A_single_put_comes_back_as_it_was()
    {
        VersionRecord record = RecordSamples.Single;

        VersionRecord read = VersionRecordCodec.Decode(Value(record), withParts: true);

        AssertSame(record, read);
    }

    [Fact]
    public void A_multipart_version_comes_back_with_its_part_table()
    {
        VersionRecord record = RecordSamples.Multipart;

        VersionRecord read = VersionRecordCodec.Decode(Value(record), withParts: true);

        AssertSame(record, read);
        Assert.Equal(record.Upload, read.Upload);
        Assert.Equal(record.Parts.Select(part => (part.Number, part.ETag, part.UploadedMs)),
            read.Parts.Select(part => (part.Number, part.ETag, part.UploadedMs)));
        Assert.Equal(
            record.Parts[0].Checksum!.Value.ToArray(), read.Parts[0].Checksum!.Value.ToArray());
        Assert.Null(read.Parts[1].Checksum);
    }

    [Fact]
    public void A_listing_reads_the_head_alone()
    {
        byte[] encoded = VersionRecordCodec.Encode(RecordSamples.Multipart);

        VersionHead head = VersionRecordCodec.DecodeHead(encoded.AsSpan(0, 26));

        Assert.Equal("000102030405060708090a0b0c0d0e0f-2", head.ETag.ToString());
        Assert.Equal(RecordSamples.Multipart.Size, head.Size);
    }

    [Fact]
    public void A_record_that_describes_other_data_than_its_entry_names_is_refused()
    {
        byte[] encoded = VersionRecordCodec.Encode(RecordSamples.Multipart);

        Assert.Throws<RecordFormatException>(() => VersionRecordCodec.Decode(
            RecordSamples.Value(encoded, RecordSamples.Multipart.Pieces[0]), withParts: false));
    }

    [Fact]
    public void Bucket_upload_and_part_come_back_as_they_were()
    {
        BucketRecord bucket = BucketRecordCodec.Decode(BucketRecordCodec.Encode(RecordSamples.Bucket));
        Assert.Equal(RecordSamples.Bucket with { Tags = bucket.Tags }, bucket);
        Assert.Equal(RecordSamples.Tags, bucket.Tags);

        UploadRecord upload = UploadRecordCodec.Decode(
            RecordSamples.Value(UploadRecordCodec.Encode(RecordSamples.Upload), RecordSamples.Upload.Pieces));
        Assert.Equal(
            RecordSamples.Upload with { Tags = upload.Tags, Metadata = upload.Metadata, Pieces = upload.Pieces },
            upload);
        Assert.Equal<DataPiece>(RecordSamples.Upload.Pieces, upload.Pieces);
        Assert.Equal(RecordSamples.Metadata, upload.Metadata);

        PartRecord part = PartRecordCodec.Decode(
            RecordSamples.Value(PartRecordCodec.Encode(RecordSamples.Part), RecordSamples.Part.Piece));
        Assert.Equal(RecordSamples.Part.ETag, part.ETag);
        Assert.Equal(RecordSamples.Part.Piece, part.Piece);
    }

    [Fact]
    public void An_open_upload_keeps_no_attempt()
    {
        UploadRecord open = RecordSamples.Upload.Reopen();

        UploadRecord read = UploadRecordCodec.Decode(RecordSamples.Value(UploadRecordCodec.Encode(open)));

        Assert.Equal(open with { Tags = read.Tags, Metadata = read.Metadata, Pieces = read.Pieces }, read);
        Assert.Empty(read.Pieces);
    }

    [Fact]
    public void Ten_thousand_parts_fit_and_come_back()
    {
        VersionRecord record = RecordSamples.Multipart with
        {
            ETag = RecordSamples.Single.ETag with { PartCount = 10_000 },
            Pieces = [.. Enumerable.Range(1, 10_000).Select(i => RecordSamples.Piece((ulong)i, i, 2, 2))],
            Parts = [.. Enumerable.Range(1, 10_000).Select(i => new PartEntry(
                i, RecordSamples.Single.ETag, RecordSamples.Crc, 1_700_000_000_000 + i))],
        };

        byte[] encoded = VersionRecordCodec.Encode(record);
        VersionRecord read = VersionRecordCodec.Decode(
            RecordSamples.Value(encoded, record.Pieces), withParts: true);

        Assert.InRange(encoded.Length, 1, 450_000);
        Assert.Equal(10_000, read.Parts[^1].Number);
        Assert.Equal(record.Pieces, read.Pieces);
    }

    [Fact]
    public void The_layers_below_learn_how_data_is_cut_but_not_its_ids()
    {
        RecordPieces pieces = new();

        Assert.Equal<DataPiece>(
            RecordSamples.Multipart.Pieces.Select(piece => piece with { Id = default }),
            pieces.GetPieces(RegisterSpace.Objects, Encode("multipart")));
        Assert.Equal<DataPiece>(
            RecordSamples.Upload.Pieces.Select(piece => piece with { Id = default }),
            pieces.GetPieces(RegisterSpace.Uploads, Encode("upload")));
        Assert.Equal<DataPiece>(
            [RecordSamples.Part.Piece with { Id = default }], pieces.GetPieces(RegisterSpace.Parts, Encode("part")));
        Assert.Empty(pieces.GetPieces(RegisterSpace.Objects, Encode("marker")));
        Assert.Empty(pieces.GetPieces(RegisterSpace.Buckets, Encode("bucket")));
    }

    [Fact]
    public void Every_number_survives()
    {
        foreach (long number in new[] { 0, 1, 127, 128, 16_383, 16_384, int.MaxValue, 1L << 56, long.MaxValue })
        {
            RecordWriter writer = new(new byte[1]);
            writer.Number(number);
            RecordReader reader = new(writer.Detach());
            Assert.Equal(number, reader.Number());
        }
    }

    [Fact]
    public void Any_text_survives() => Prop.ForAll<NonNull<string>, NonNull<string>>((name, value) =>
    {
        string clean = new(value.Get.Where(c => !char.IsSurrogate(c)).ToArray());
        RecordWriter writer = new(stackalloc byte[2]);
        writer.Pairs([new KeyValuePair<string, string>(clean, name.Get.Length.ToString()), new("", clean)]);
        RecordReader reader = new(writer.Detach());
        IReadOnlyList<KeyValuePair<string, string>> read = reader.Pairs();
        return read.Count == 2 && read[0].Key == clean && read[1].Value == clean;
    }).QuickCheckThrowOnFailure();

    private static byte[] Encode(string kind) => kind switch
    {
        "single" => VersionRecordCodec.Encode(RecordSamples.Single),
        "multipart" => VersionRecordCodec.Encode(RecordSamples.Multipart),
        "marker" => VersionRecordCodec.Encode(VersionRecord.DeleteMarker),
        "bucket" => BucketRecordCodec.Encode(RecordSamples.Bucket),
        "upload" => UploadRecordCodec.Encode(RecordSamples.Upload),
        _ => PartRecordCodec.Encode(RecordSamples.Part),
    };

    private static object Decode(string kind, byte[] bytes) => kind switch
    {
        "single" => VersionRecordCodec.Decode(
            RecordSamples.Value(bytes, RecordSamples.Single.Pieces), withParts: true),
        "multipart" => VersionRecordCodec.Decode(
            RecordSamples.Value(bytes, RecordSamples.Multipart.Pieces), withParts: true),
        "marker" => VersionRecordCodec.Decode(RecordSamples.Value(bytes), withParts: true),
        "bucket" => BucketRecordCodec.Decode(bytes),
        "upload" => UploadRecordCodec.Decode(RecordSamples.Value(bytes, RecordSamples.Upload.Pieces)),
        _ => PartRecordCodec.Decode(RecordSamples.Value(bytes, RecordSamples.Part.Piece)),
    };

    private static RegisterValue Value(VersionRecord record) =>
        RecordSamples.Value(VersionRecordCodec.Encode(record), record.Pieces);

    private static void AssertSame(VersionRecord expected, VersionRecord actual)
    {
        Assert.Equal(expected.Size, actual.Size);
        Assert.Equal(expected.StorageClass, actual.StorageClass);
        Assert.Equal(expected.ETag, actual.ETag);
        Assert.Equal<DataPiece>(expected.Pieces, actual.Pieces);
        Assert.Equal(expected.Metadata, actual.Metadata);
        Assert.Equal(expected.Tags, actual.Tags);
        Assert.Equal(expected.Checksum?.Algorithm, actual.Checksum?.Algorithm);
        Assert.Equal(expected.Checksum?.Value.ToArray(), actual.Checksum?.Value.ToArray());
    }
}
