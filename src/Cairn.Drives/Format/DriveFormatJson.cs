using System.Text.Json.Serialization;

namespace Cairn.Drives.Format;

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(DriveFormatDocument))]
internal sealed partial class DriveFormatJson : JsonSerializerContext;
