using Cairn.Primitives;

namespace Cairn.Objects.Records;

/// <summary>An optional checksum: algorithm (0: none), type, length, value.</summary>
internal static class ChecksumCodec
{
    public static void Write(ref RecordWriter writer, ObjectChecksum? checksum)
    {
        if (checksum is null)
        {
            writer.Byte(0);
            return;
        }

        Check.Invariant(checksum.Value.Length <= byte.MaxValue);
        writer.Byte((byte)checksum.Algorithm);
        writer.Byte((byte)checksum.Type);
        writer.Byte((byte)checksum.Value.Length);
        writer.Bytes(checksum.Value.Span);
    }

    public static ObjectChecksum? Read(ref RecordReader reader)
    {
        byte algorithm = reader.Byte();
        if (algorithm == 0)
        {
            return null;
        }

        ChecksumType type = (ChecksumType)reader.Byte();
        return new ObjectChecksum((ChecksumAlgorithm)algorithm, type, reader.Bytes(reader.Byte()));
    }
}
