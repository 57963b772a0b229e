using Cairn.Primitives;
using Cairn.Primitives.Scheduling;

namespace Cairn.Objects.Quorum;

/// <summary>What the store takes from outside instead of from the system, so that a simulator can stand in.</summary>
public sealed record StoreEnvironment(TimeProvider Time, IEntropy Entropy, IWorkScheduler Work);
