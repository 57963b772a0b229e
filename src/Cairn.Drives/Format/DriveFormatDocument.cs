using System.Text.Json.Serialization;

namespace Cairn.Drives.Format;

/// <summary>format.json as it is spelled.</summary>
internal sealed record DriveFormatDocument
{
    [JsonPropertyName("version")]
    public int Version { get; init; }

    [JsonPropertyName("deployment")]
    public string Deployment { get; init; } = string.Empty;

    [JsonPropertyName("drive")]
    public string Drive { get; init; } = string.Empty;

    [JsonPropertyName("drives")]
    public IReadOnlyList<string> Drives { get; init; } = [];

    [JsonPropertyName("epoch")]
    public long Epoch { get; init; }
}
