using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Layout;

/// <summary>The layout as the JSON document that every drive keeps (docs/formats/layout.md).</summary>
/// <remarks>
/// Written in format 1 as long as that can say everything, so that nodes of the release before can read it until an
/// administrator changes the layout.
/// </remarks>
public static class LayoutCodec
{
    private const int FirstVersion = 1;
    private const int FormatVersion = 2;

    public static byte[] Encode(StoreLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArrayBufferWriter<byte> buffer = new();
        int version = NeedsProgress(layout) ? FormatVersion : FirstVersion;
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("formatVersion", version);
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
                if (version > FirstVersion)
                {
                    json.WriteNumber("duty", (int)drive.Duty);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            WriteFormer(json, layout.Former);
            json.WriteBase64String("partitions", EncodeTable(layout.Table.Span));
            if (version > FirstVersion)
            {
                WriteVoters(json, "voters", layout.Voters);
                if (layout.FormerVoters.Count > 0)
                {
                    WriteVoters(json, "formerVoters", layout.FormerVoters);
                }

                WriteProgress(json, layout.Progress);
            }

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
            if (version is < FirstVersion or > FormatVersion)
            {
                throw new InvalidDataException(
                    $"The layout on this drive has format {version}; this program knows up to {FormatVersion}. Update it.");
            }

            return new StoreLayout(
                root.GetProperty("epoch").GetInt64(),
                [.. root.GetProperty("drives").EnumerateArray().Select(drive => ReadDrive(drive, version))],
                root.GetProperty("width").GetInt32(),
                root.GetProperty("standardParity").GetInt32(),
                root.GetProperty("reducedRedundancyParity").GetInt32(),
                DecodeTable(root.GetProperty("partitions").GetBytesFromBase64()))
            {
                Voters = version > FirstVersion ? ReadVoters(root.GetProperty("voters")) : null,
                FormerVoters = root.TryGetProperty("formerVoters", out JsonElement former) ? ReadVoters(former) : [],
                Progress = version > FirstVersion ? ReadProgress(root) : LayoutProgress.None,
                Former = ReadFormer(root),
            };
        }
        catch (Exception damage) when (damage is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or ArgumentException)
        {
            throw new InvalidDataException("The layout on this drive is damaged: " + damage.Message, damage);
        }
    }

    private static bool NeedsProgress(StoreLayout layout) =>
        !layout.Progress.Equals(LayoutProgress.None)
        || layout.FormerVoters.Count > 0
        || layout.Drives.Any(drive => drive.Duty != LayoutDuty.Active);

    private static LayoutDrive ReadDrive(JsonElement drive, int version) => new(
        new DriveId(drive.GetProperty("id").GetGuid()),
        drive.GetProperty("node").GetString()!,
        drive.GetProperty("zone").GetString()!,
        drive.GetProperty("weight").GetInt32(),
        version > FirstVersion ? (LayoutDuty)drive.GetProperty("duty").GetInt32() : LayoutDuty.Active);

    private static void WriteFormer(Utf8JsonWriter json, IReadOnlyList<FormerDrive> drives)
    {
        if (drives.Count == 0)
        {
            return;
        }

        json.WriteStartArray("former");
        foreach (FormerDrive drive in drives)
        {
            json.WriteStartArray();
            json.WriteStringValue(drive.Id.Value);
            json.WriteNumberValue(drive.Index);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteVoters(Utf8JsonWriter json, string name, IReadOnlyList<string> voters)
    {
        json.WriteStartArray(name);
        foreach (string voter in voters)
        {
            json.WriteStringValue(voter);
        }

        json.WriteEndArray();
    }

    private static FormerDrive[] ReadFormer(JsonElement root) =>
        root.TryGetProperty("former", out JsonElement former)
            ? [.. former.EnumerateArray().Select(row => new FormerDrive(new DriveId(row[0].GetGuid()), row[1].GetInt32()))]
            : [];

    private static string[] ReadVoters(JsonElement voters) =>
        [.. voters.EnumerateArray().Select(voter => voter.GetString()!)];

    private static void WriteProgress(Utf8JsonWriter json, LayoutProgress progress)
    {
        json.WriteNumber("floor", progress.Floor);
        json.WriteBoolean("isStopped", progress.IsStopped);
        json.WriteBase64String("target", EncodeTable(progress.Target.Span));
        json.WriteStartArray("joint");
        foreach ((int index, JointPosition joint) in progress.Joints)
        {
            WriteNumbers(json, index, joint.Arriving, joint.Since);
        }

        json.WriteEndArray();
        json.WriteStartArray("leftovers");
        foreach (Leftover left in progress.Leftovers)
        {
            WriteNumbers(json, left.Drive, left.Partition, left.Since);
        }

        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, int first, int second, long third)
    {
        json.WriteStartArray();
        json.WriteNumberValue(first);
        json.WriteNumberValue(second);
        json.WriteNumberValue(third);
        json.WriteEndArray();
    }

    private static LayoutProgress ReadProgress(JsonElement root) => new()
    {
        Floor = root.GetProperty("floor").GetInt64(),
        IsStopped = root.GetProperty("isStopped").GetBoolean(),
        Target = DecodeTable(root.GetProperty("target").GetBytesFromBase64()),
        Joints = root.GetProperty("joint").EnumerateArray().ToImmutableSortedDictionary(
            row => row[0].GetInt32(), row => new JointPosition(row[1].GetInt32(), row[2].GetInt64())),
        Leftovers = [.. root.GetProperty("leftovers").EnumerateArray().Select(
            row => new Leftover(row[0].GetInt32(), row[1].GetInt32(), row[2].GetInt64()))],
    };

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
