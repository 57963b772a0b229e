using Cairn.Objects.Layout;
using Cairn.Objects.Rebalance;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Formation;

/// <summary>What a node comes to when it starts.</summary>
/// <param name="Deployment">Of the store: the same on all nodes.</param>
/// <param name="Layout">Agreed; all drives of this node have their places in it.</param>
/// <param name="Watch">For what is agreed later.</param>
/// <param name="Register">For what is to be changed.</param>
/// <param name="HasTakenPlaces">Drives of this node have, or may have, taken the places of others in this start.</param>
public sealed record FormedLayout(
    DeploymentId Deployment, StoreLayout Layout, LayoutWatch Watch, ILayoutRegister Register, bool HasTakenPlaces);
