using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Commit;
using Cairn.Objects.Data;
using Cairn.Objects.Records;
using Cairn.Primitives.Ids;

namespace Cairn.UnitTests.Objects.Records;

/// <summary>One record of each kind with every field set, as the golden files hold them.</summary>
internal static class RecordSamples
{
    public static readonly Ballot Start = new(0x0123_4567_89AB_CDEF, 0x1122_3344_5566_7788);

    public static readonly KeyValuePair<string, string>[] Metadata =
        [new("content-type", "text/plain"), new("x-amz-meta-città", "Perché")];

    public static readonly KeyValuePair<string, string>[] Tags = [new("team", "a b"), new("empty", "")];

    public static ObjectChecksum Crc { get; } = new(
        ChecksumAlgorithm.Crc64Nvme, ChecksumType.FullObject, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 });

    public static VersionRecord Single { get; } = new()
    {
        Size = 300,
        StorageClass = "REDUCED_REDUNDANCY",
        ETag = ETag.Of([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], 0),
        Checksum = Crc,
        Pieces = [Piece(1, 300, 2, 2)],
        Metadata = Metadata,
        Tags = Tags,
    };

    public static VersionRecord Multipart { get; } = Single with
    {
        Size = 5_242_880 + 7,
        StorageClass = "STANDARD",
        ETag = Single.ETag with { PartCount = 2 },
        Checksum = null,
        Pieces = [Piece(1, 5_242_880, 2, 2), Piece(2, 7, 1, 3)],
        Upload = Start,
        Parts =
        [
            new PartEntry(3, ETag.Of(new byte[16], 0), Crc, 1_700_000_000_000),
            new PartEntry(10_000, Single.ETag, null, 1_700_000_000_001),
        ],
    };

    public static BucketRecord Bucket { get; } = new()
    {
        Id = new BucketId(0xFEDC_BA98_7654_3210),
        State = BucketState.Deleting,
        Versioning = BucketVersioning.Suspended,
        Tags = Tags,
    };

    public static UploadRecord Upload { get; } = new()
    {
        State = UploadState.Completing,
        StorageClass = "GLACIER",
        Checksum = ChecksumAlgorithm.Sha256,
        ChecksumType = ChecksumType.Composite,
        Metadata = Metadata,
        Tags = Tags,
        Attempt = Start,
        IsVersioned = true,
        Pieces = [Piece(1, 5_242_880, 2, 2), Piece(2, 7, 8, 8)],
    };

    public static PartRecord Part { get; } = new(Single.ETag, Piece(1, 300, 4, 2), Crc);

    public static DataPiece Piece(ulong id, long size, byte dataShards, byte parityShards) =>
        new(new DataId(id, id), size, new ErasureCode(dataShards, parityShards));

    /// <summary>A register's value with this body, naming the data that the pieces name.</summary>
    public static RegisterValue Value(byte[] body, params IEnumerable<DataPiece> pieces) => new()
    {
        Slot = VersionId.Null,
        Birth = Start,
        Ballot = Start,
        Body = body,
        Data = [.. pieces.Select(piece => piece.Id)],
    };
}
