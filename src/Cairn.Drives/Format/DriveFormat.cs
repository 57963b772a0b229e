using Cairn.Primitives.Ids;

namespace Cairn.Drives.Format;

/// <summary>Who a drive is and where it belongs: the content of format.json.</summary>
/// <remarks>
/// Invariants: Drives contains Drive once. Of two formats of one deployment the one with the higher epoch tells who
/// the drives are now.
/// </remarks>
public sealed record DriveFormat
{
    /// <summary>The newest layout of a drive that this program writes and reads.</summary>
    public const int CurrentVersion = 1;

    public const string FileName = "format.json";

    /// <summary>Layout of everything on the drive.</summary>
    public int Version { get; init; } = CurrentVersion;

    public required DeploymentId Deployment { get; init; }

    public required DriveId Drive { get; init; }

    /// <summary>All drives of this node, by position.</summary>
    public required IReadOnlyList<DriveId> Drives { get; init; }

    /// <summary>Rises with every change of <see cref="Drives"/>.</summary>
    public required long Epoch { get; init; }

    /// <summary>The drive's place among the drives of its node, from 0.</summary>
    public int Position
    {
        get
        {
            for (int i = 0; i < Drives.Count; i++)
            {
                if (Drives[i] == Drive)
                {
                    return i;
                }
            }

            return -1;
        }
    }
}
