using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cairn.Client.Admin;

/// <summary>Generated serialization of what the admin API takes and answers.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AdminError))]
[JsonSerializable(typeof(ClusterStatus))]
[JsonSerializable(typeof(LayoutChangeRequest))]
[JsonSerializable(typeof(LayoutPlanReport))]
[JsonSerializable(typeof(LayoutReport))]
[JsonSerializable(typeof(ReadinessReport))]
[JsonSerializable(typeof(RestartReceipt))]
public sealed partial class AdminJson : JsonSerializerContext;
