using Cairn.Drives;
using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;
using Cairn.Testing.Drives;
using Xunit;

namespace Cairn.UnitTests.Drives;

// Rows are encoded, damaged byte by byte, and compared with the golden files of every released layout. A golden file
// that does not match means that drives in the field cannot be read: make a new layout version instead of a new file.
public sealed class RecordTests
{
    private static readonly RegisterKey Register =
        RegisterKey.Of(RegisterSpace.Objects, new BucketId(0x0102030405060708), "photos/\u00e4.jpg"u8);
    private static readonly DriveId Drive = new(new Guid("00112233-4455-6677-8899-aabbccddeeff"));
    private static readonly Ballot Early = new(0x018f_0000_0000_0001, 0x1111_2222_3333_4444);
    private static readonly Ballot Late = new(0x018f_0000_0000_0002, 0x5555_6666_7777_8888);
    private static readonly DataId Data1 = new(0x018f_0000_0000_0003, 0x9999_aaaa_bbbb_cccc);
    private static readonly DataId Data2 = new(0x018f_0000_0000_0004, 0xdddd_eeee_ffff_0000);

    private static readonly StoredEntry Current = new(Late, IsCommitted: true, HasInline: true, EntryValue.Of(new RegisterEntry
    {
        Slot = new VersionId(Early),
        Birth = Early,
        Ballot = Late,
        ShardIndex = 3,
        Body = "body of the version"u8.ToArray(),
        Data = [Data1, Data2],
    }));

    private static readonly StoredEntry Excluding = Current with { ExcludesYounger = true };

    private static readonly StoredEntry Alone = Current with { AloneSince = new Ballot(Early.Clock, 7) };

    private static readonly StoredEntry Removed = new(Late, IsCommitted: false, HasInline: false, EntryValue.Of(new RegisterEntry
    {
        Slot = VersionId.Null,
        Birth = Late,
        Ballot = Late,
        IsRemoved = true,
    }));

    private static readonly RegisterHead Head = new()
    {
        Promised = Late,
        NullBirth = Early,
        VersionCount = 300,
        IsDamaged = true,
        Entries = [Removed, Current],
    };

    private static readonly ShardRow Inline = new()
    {
        Referrers = [new ShardReferrer(Register, new VersionId(Early)), new ShardReferrer(Register, VersionId.Null)],
        IsInline = true,
        Inline = DriveFixture.Bytes(40),
    };

    private static readonly ShardRow File1 = new()
    {
        Referrers = [new ShardReferrer(Register, new VersionId(Early))],
        FileLength = 5_000_000_000,
    };

    public static TheoryData<string> Rows =>
        ["head", "version", "version-excluding", "version-alone", "shard-inline", "shard-file", "journal", "identity", "floor"];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Golden_rows_are_written_and_read_as_ever(string name)
    {
        (byte[] key, byte[] row) = Encode(name);
        GoldenFile.Check($"Drives/Golden/{name}.v1", [.. key, .. row]);
        Decode(name, key, row);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Flipped_byte_anywhere_in_a_row_is_detected(string name)
    {
        (byte[] key, byte[] row) = Encode(name);
        for (int i = 0; i < row.Length; i++)
        {
            byte[] damaged = [.. row];
            damaged[i] ^= 0x20;
            Assert.Equal(DriveFault.Corrupt, Assert.Throws<DriveIoException>(() => Decode(name, key, damaged)).Fault);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Row_cut_anywhere_is_detected(string name)
    {
        (byte[] key, byte[] row) = Encode(name);
        for (int length = 0; length < row.Length; length++)
        {
            Assert.Throws<DriveIoException>(() => Decode(name, key, row[..length]));
        }
    }

    [Fact]
    public void Row_under_another_key_is_detected()
    {
        (byte[] key, byte[] row) = Encode("head");
        byte[] other = [.. key];
        other[^1] ^= 1;
        Assert.Throws<DriveIoException>(() => RegisterHead.Decode(other, row));
    }

    [Fact]
    public void Newer_layout_is_refused_as_such()
    {
        (byte[] key, byte[] row) = Encode("head");
        row[0] = 2;
        RowSeal.Write(IndexFamily.Heads, key, row);
        DriveIoException refused = Assert.Throws<DriveIoException>(() => RegisterHead.Decode(key, row));
        Assert.Equal(DriveFault.NewerFormat, refused.Fault);
    }

    [Fact]
    public void Version_keys_sort_newest_first_and_tell_registers_apart()
    {
        byte[] older = VersionRow.Key(Register, Early);
        byte[] newer = VersionRow.Key(Register, Late);
        Assert.True(newer.AsSpan().SequenceCompareTo(older) < 0);
        Assert.Equal(Late, VersionRow.BirthOf(newer));
        Assert.True(VersionRow.IsOf(newer, Register.Encoded.Span));
        RegisterKey longer = RegisterKey.Of(RegisterSpace.Parts, new BucketId(1), "k\0x"u8);
        RegisterKey shorter = RegisterKey.Of(RegisterSpace.Parts, new BucketId(1), "k"u8);
        Assert.False(VersionRow.IsOf(VersionRow.Key(longer, Early), shorter.Encoded.Span));
        Assert.Equal(longer.Encoded.ToArray(), VersionRow.RegisterOf(VersionRow.Key(longer, Early)).ToArray());
    }

    private static (byte[] Key, byte[] Row) Encode(string name)
    {
        byte[] register = Register.Encoded.ToArray();
        byte[] version = VersionRow.Key(Register, Early);
        byte[] shard = ShardRow.Key(Data1);
        byte[] journal = JournalRow.Key(Drive, Register, new VersionId(Early));
        return name switch
        {
            "head" => (register, Head.Encode(register)),
            "version" => (version, VersionRow.Encode(version, Current)),
            "version-excluding" => (version, VersionRow.Encode(version, Excluding)),
            "version-alone" => (version, VersionRow.Encode(version, Alone)),
            "shard-inline" => (shard, Inline.Encode(shard)),
            "shard-file" => (shard, File1.Encode(shard)),
            "journal" => (journal, JournalRow.Encode(journal, Late)),
            "identity" => (SystemRow.IdentityKey, SystemRow.EncodeIdentity(Drive, true)),
            _ => (SystemRow.FloorKey, SystemRow.EncodeBallot(SystemRow.FloorKey, Late)),
        };
    }

    private static void Decode(string name, byte[] key, byte[] row)
    {
        switch (name)
        {
            case "head":
                RegisterHead head = RegisterHead.Decode(key, row);
                Assert.Equal((Head.Promised, Head.NullBirth), (head.Promised, head.NullBirth));
                Assert.Equal((Head.VersionCount, Head.IsDamaged), (head.VersionCount, head.IsDamaged));
                Assert.Equal(2, head.Entries.Count);
                AssertSame(Removed, head.Entries[0]);
                AssertSame(Current, head.Entries[1]);
                break;
            case "version":
                AssertSame(Current, VersionRow.Decode(key, row));
                break;
            case "version-excluding":
                AssertSame(Excluding, VersionRow.Decode(key, row));
                break;
            case "version-alone":
                AssertSame(Alone, VersionRow.Decode(key, row));
                break;
            case "shard-inline":
                ShardRow inline = ShardRow.Decode(key, row);
                Assert.Equal(Inline.Referrers, inline.Referrers);
                Assert.Equal(Inline.Inline.ToArray(), inline.Inline.ToArray());
                Assert.True(ShardRow.TryGetInline(key, row, out ReadOnlyMemory<byte> bytes));
                Assert.Equal(Inline.Inline.ToArray(), bytes.ToArray());
                break;
            case "shard-file":
                ShardRow file = ShardRow.Decode(key, row);
                Assert.Equal((false, File1.FileLength), (file.IsInline, file.FileLength));
                Assert.False(ShardRow.TryGetInline(key, row, out _));
                break;
            case "journal":
                MissedWrite line = JournalRow.Decode(key, row);
                Assert.Equal((Register, new VersionId(Early), Late), (line.Key, line.Slot, line.Ballot));
                break;
            case "identity":
                Assert.True(SystemRow.DecodeIdentity(row).IsRecovering);
                break;
            default:
                Assert.Equal(Late, SystemRow.DecodeBallot(SystemRow.FloorKey, row));
                break;
        }
    }

    private static void AssertSame(StoredEntry expected, StoredEntry actual)
    {
        Assert.Equal(expected.Ballot, actual.Ballot);
        Assert.Equal((expected.IsCommitted, expected.HasInline), (actual.IsCommitted, actual.HasInline));
        Assert.Equal((expected.ExcludesYounger, expected.AloneSince), (actual.ExcludesYounger, actual.AloneSince));
        Assert.Equal((expected.Slot, expected.Birth), (actual.Slot, actual.Birth));
        Assert.True(expected.Value.IsSameAs(actual.Value));
        Assert.Equal(expected.Value.Data, actual.Value.Data);
        Assert.Equal(expected.Value.Body.ToArray(), actual.Value.Body.ToArray());
        Assert.Equal(expected.Value.ShardIndex, actual.Value.ShardIndex);
    }
}
