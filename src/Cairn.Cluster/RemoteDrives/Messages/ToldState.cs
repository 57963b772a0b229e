using Cairn.Drives;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.RemoteDrives.Messages;

/// <summary>What a node says of one of its drives.</summary>
internal readonly record struct ToldState(DriveId Drive, DriveState State);
