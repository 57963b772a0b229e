using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Healing;

/// <summary>Rows of one space of one bucket, in key order.</summary>
internal readonly record struct WalkPage(RegisterSpace Space, BucketId Bucket, IReadOnlyList<ListRow> Rows);
