using Cairn.Objects.Commit;
using Cairn.Objects.Records;

namespace Cairn.Objects.Versions;

/// <summary>A version with its record taken apart.</summary>
internal sealed record FoundVersion(RegisterValue Value, VersionRecord Record);
