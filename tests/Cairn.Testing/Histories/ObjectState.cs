using System.Globalization;

namespace Cairn.Testing.Histories;

/// <summary>What a reader of a key can tell: which bytes, which metadata, which tags. Each number names one write.</summary>
/// <param name="Content">The bytes and therefore the ETag; 0 when there is no object.</param>
/// <param name="Metadata">The write that set the metadata.</param>
/// <param name="Tags">The write that set the tags; 0 for none.</param>
internal readonly record struct ObjectState(int Content, int Metadata, int Tags)
{
    public static ObjectState Absent => default;

    public bool IsAbsent => Content == 0;

    public override string ToString() => IsAbsent ? "absent" : string.Create(
        CultureInfo.InvariantCulture, $"content {Content}, metadata {Metadata}, tags {Tags}");
}
