using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Layout;

/// <summary>The layout as the JSON document that every drive keeps (docs/formats/layout.md).</summary>
public static class LayoutCodec
{
    private const int FormatVersion = 1;

    public static byte[] Encode(StoreLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("formatVersion", FormatVersion);
            json.WriteNumber("epoch", layout.Epoch);
            json.WriteNumber("width", layout.Width);
            json.WriteNumber("standardParity", layout.Standard.ParityShards);
            json.WriteNumber("reducedRedundancyParity", layout.ReducedRedundancy.ParityShards);
            json.WriteStartArray("drives");
            foreach (LayoutDrive drive in layout.Drives)
            {
                json.WriteStartObject();
                json.WriteString("id", drive.Id.Value);
                json.WriteString("node", drive.Node);
                json.WriteString("zone", drive.Zone);
                json.WriteNumber("weight", drive.Weight);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteBase64String("partitions", EncodeTable(layout.Table.Span));
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="InvalidDataException">Not a layout, or of a newer format; the message says which.</exception>
    public static StoreLayout Decode(ReadOnlyMemory<byte> document)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(document);
            JsonElement root = json.RootElement;
            int version = root.GetProperty("formatVersion").GetInt32();
            if (version != FormatVersion)
            {
                throw new InvalidDataException(
                    $"The layout on this drive has format {version}; this program knows up to {FormatVersion}. Update it.");
            }

            LayoutDrive[] drives =
            [
                .. root.GetProperty("drives").EnumerateArray().Select(drive => new LayoutDrive(
                    new DriveId(drive.GetProperty("id").GetGuid()),
                    drive.GetProperty("node").GetString()!,
                    drive.GetProperty("zone").GetString()!,
                    drive.GetProperty("weight").GetInt32())),
            ];
            return new StoreLayout(
                root.GetProperty("epoch").GetInt64(),
                drives,
                root.GetProperty("width").GetInt32(),
                root.GetProperty("standardParity").GetInt32(),
                root.GetProperty("reducedRedundancyParity").GetInt32(),
                DecodeTable(root.GetProperty("partitions").GetBytesFromBase64()));
        }
        catch (Exception damage) when (damage is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or ArgumentException)
        {
            throw new InvalidDataException("The layout on this drive is damaged: " + damage.Message, damage);
        }
    }

    private static byte[] EncodeTable(ReadOnlySpan<ushort> table)
    {
        byte[] bytes = new byte[table.Length * sizeof(ushort)];
        for (int index = 0; index < table.Length; index++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(index * sizeof(ushort)), table[index]);
        }

        return bytes;
    }

    private static ushort[] DecodeTable(byte[] bytes)
    {
        ushort[] table = new ushort[bytes.Length / sizeof(ushort)];
        for (int index = 0; index < table.Length; index++)
        {
            table[index] = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(index * sizeof(ushort)));
        }

        return table;
    }
}
