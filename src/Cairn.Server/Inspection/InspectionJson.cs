using System.Text.Json.Serialization;

namespace Cairn.Server.Inspection;

/// <summary>Generated serialization of the findings.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(List<DriveInspection>))]
internal sealed partial class InspectionJson : JsonSerializerContext;
