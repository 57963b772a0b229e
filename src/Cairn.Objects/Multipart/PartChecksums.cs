using System.Buffers.Binary;
using Cairn.Objects.Records;
using Cairn.Primitives.Checksums;

namespace Cairn.Objects.Multipart;

/// <summary>The checksum of a multipart object, from the checksums of its parts.</summary>
internal static class PartChecksums
{
    /// <returns>Null when the parts do not all have a checksum of one algorithm, or it cannot be combined.</returns>
    public static ObjectChecksum? Combine(UploadRecord upload, HeldPart[] parts)
    {
        if (parts.Length == 0)
        {
            return null;
        }

        ChecksumAlgorithm? algorithm = upload.Checksum ?? parts[0].Record.Checksum?.Algorithm;
        if (algorithm is null || !Array.TrueForAll(parts, part => part.Record.Checksum?.Algorithm == algorithm))
        {
            return null;
        }

        // Nobody asked for a type: a CRC covers the object, because that is worth more than a checksum of checksums.
        ChecksumType type = upload.ChecksumType
            ?? (IsCombinable(algorithm.Value) && (upload.Checksum is null || algorithm == ChecksumAlgorithm.Crc64Nvme)
                ? ChecksumType.FullObject
                : ChecksumType.Composite);
        byte[]? value = type == ChecksumType.FullObject
            ? CombineFull(algorithm.Value, parts)
            : CombineComposite(algorithm.Value, parts);
        return value is null ? null : new ObjectChecksum(algorithm.Value, type, value);
    }

    public static bool AreEqual(ObjectChecksum expected, ObjectChecksum? actual) =>
        actual is not null
        && expected.Algorithm == actual.Algorithm
        && expected.Type == actual.Type
        && expected.Value.Span.SequenceEqual(actual.Value.Span);

    private static bool IsCombinable(ChecksumAlgorithm algorithm) =>
        algorithm is ChecksumAlgorithm.Crc32 or ChecksumAlgorithm.Crc32C or ChecksumAlgorithm.Crc64Nvme;

    private static byte[]? CombineFull(ChecksumAlgorithm algorithm, HeldPart[] parts)
    {
        if (!IsCombinable(algorithm))
        {
            return null;
        }

        ulong combined = 0;
        foreach (HeldPart part in parts)
        {
            ReadOnlySpan<byte> value = part.Record.Checksum!.Value.Span;
            long size = part.Record.Piece.Size;
            combined = algorithm switch
            {
                ChecksumAlgorithm.Crc32 => Crc32.Combine(
                    (uint)combined, BinaryPrimitives.ReadUInt32BigEndian(value), size),
                ChecksumAlgorithm.Crc32C => Crc32C.Combine(
                    (uint)combined, BinaryPrimitives.ReadUInt32BigEndian(value), size),
                _ => Crc64Nvme.Combine(combined, BinaryPrimitives.ReadUInt64BigEndian(value), size),
            };
        }

        byte[] bytes = new byte[algorithm == ChecksumAlgorithm.Crc64Nvme ? sizeof(ulong) : sizeof(uint)];
        if (bytes.Length == sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, combined);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)combined);
        }

        return bytes;
    }

    private static byte[]? CombineComposite(ChecksumAlgorithm algorithm, HeldPart[] parts)
    {
        using ChecksumHash? hash = ChecksumHash.TryStart(algorithm);
        if (hash is null)
        {
            return null;
        }

        foreach (HeldPart part in parts)
        {
            hash.Append(part.Record.Checksum!.Value.Span);
        }

        return hash.Finish();
    }
}
