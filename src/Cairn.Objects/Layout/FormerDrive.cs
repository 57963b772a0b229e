using Cairn.Primitives.Ids;

namespace Cairn.Objects.Layout;

/// <summary>A drive that was part of the store once.</summary>
/// <param name="Id">The drive.</param>
/// <param name="Index">The place in the layout that it had.</param>
public readonly record struct FormerDrive(DriveId Id, int Index);
