using Cairn.Drives.Index;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Records;

/// <summary>A row of Shards: who refers to the data, and this drive's shard of it or the length of its file.</summary>
/// <remarks>
/// Layout: version, kind (1: inline, 2: file), count of referrers, each with key length, key and slot; then the inline
/// bytes, or the length of the shard in its file.
/// </remarks>
internal sealed record ShardRow
{
    private const byte Layout = 1;
    private const byte InlineKind = 1;
    private const byte FileKind = 2;

    public required IReadOnlyList<ShardReferrer> Referrers { get; init; }

    public bool IsInline { get; init; }

    public ReadOnlyMemory<byte> Inline { get; init; }

    /// <summary>Bytes of the shard in its file, checksums not counted.</summary>
    public long FileLength { get; init; }

    public static byte[] Key(DataId data)
    {
        byte[] key = new byte[DataId.Size];
        data.Write(key);
        return key;
    }

    public byte[] Encode(ReadOnlySpan<byte> key)
    {
        int size = 2 + RowWriter.SizeOfNumber(Referrers.Count) + RowSeal.Size
            + (IsInline ? Inline.Length : RowWriter.SizeOfNumber(FileLength));
        foreach (ShardReferrer referrer in Referrers)
        {
            int length = referrer.Key.Encoded.Length;
            size += RowWriter.SizeOfNumber(length) + length + Ballot.Size;
        }

        byte[] row = GC.AllocateUninitializedArray<byte>(size);
        RowWriter writer = new(row);
        writer.Byte(Layout);
        writer.Byte(IsInline ? InlineKind : FileKind);
        writer.Number(Referrers.Count);
        foreach (ShardReferrer referrer in Referrers)
        {
            writer.Number(referrer.Key.Encoded.Length);
            writer.Bytes(referrer.Key.Encoded.Span);
            writer.Ballot(referrer.Slot.Birth);
        }

        if (IsInline)
        {
            writer.Bytes(Inline.Span);
        }
        else
        {
            writer.Number(FileLength);
        }

        RowSeal.Write(IndexFamily.Shards, key, row);
        return row;
    }

    /// <exception cref="Os.DriveIoException">Corrupt, or written by a newer release.</exception>
    public static ShardRow Decode(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> row)
    {
        RowReader reader = new(RowSeal.Open(IndexFamily.Shards, key, row));
        reader.ExpectVersion(Layout);
        bool isInline = reader.Byte() == InlineKind;
        ShardReferrer[] referrers = new ShardReferrer[reader.Count()];
        for (int i = 0; i < referrers.Length; i++)
        {
            RegisterKey register = RegisterKey.FromEncoded(reader.Bytes(reader.Count()).ToArray());
            referrers[i] = new ShardReferrer(register, new VersionId(reader.Ballot()));
        }

        return isInline
            ? new ShardRow { Referrers = referrers, IsInline = true, Inline = reader.Rest() }
            : new ShardRow { Referrers = referrers, FileLength = reader.Number() };
    }

    /// <summary>The inline bytes, without decoding the referrers: the hot path of small reads.</summary>
    /// <returns>False when the shard is in a file.</returns>
    public static bool TryGetInline(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> row, out ReadOnlyMemory<byte> inline)
    {
        RowReader reader = new(RowSeal.Open(IndexFamily.Shards, key, row));
        reader.ExpectVersion(Layout);
        bool isInline = reader.Byte() == InlineKind;
        for (int left = reader.Count(); left > 0; left--)
        {
            reader.Bytes(reader.Count());
            reader.Bytes(Ballot.Size);
        }

        inline = isInline ? reader.Rest() : default;
        return isInline;
    }

    /// <summary>The first referrer of a row that fails its checksum: where to look for a repair, nothing to rely on.</summary>
    public static ShardReferrer? GuessReferrer(ReadOnlyMemory<byte> row)
    {
        try
        {
            RowReader reader = new(row);
            reader.ExpectVersion(Layout);
            reader.Byte();
            return reader.Count() == 0
                ? null
                : new ShardReferrer(RegisterKey.FromEncoded(reader.Bytes(reader.Count()).ToArray()), new VersionId(reader.Ballot()));
        }
        catch (Exception e) when (e is Os.DriveIoException or ArgumentException)
        {
            return null;
        }
    }

    public bool IsReferredBy(ShardReferrer referrer) => Referrers.Contains(referrer);

    public ShardRow With(ShardReferrer referrer) => this with { Referrers = [.. Referrers, referrer] };

    public ShardRow Without(ShardReferrer referrer) =>
        this with { Referrers = [.. Referrers.Where(other => other != referrer)] };
}
