namespace Cairn.Objects.Records;

/// <summary>A storage class in one byte where its name is one of S3's; any other is spelled out.</summary>
internal static class StorageClassCodec
{
    private const byte Spelled = 0;
    private const byte Standard = 1;
    private const byte ReducedRedundancy = 2;

    public static void Write(ref RecordWriter writer, string storageClass)
    {
        switch (storageClass)
        {
            case "STANDARD":
                writer.Byte(Standard);
                break;
            case "REDUCED_REDUNDANCY":
                writer.Byte(ReducedRedundancy);
                break;
            default:
                writer.Byte(Spelled);
                writer.Text(storageClass);
                break;
        }
    }

    public static string Read(ref RecordReader reader)
    {
        byte code = reader.Byte();
        return code switch
        {
            Standard => "STANDARD",
            ReducedRedundancy => "REDUCED_REDUNDANCY",
            Spelled => reader.Text(),
            _ => throw RecordFormatException.Malformed($"storage class {code} is unknown"),
        };
    }
}
