using Cairn.Drives;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>A deliberate fault of the protocol, put in between the store and its drives. The swarm must find it.</summary>
internal class StoreMutation
{
    public static StoreMutation None { get; } = new();

    public virtual IDrive Wrap(IDrive drive) => drive;
}
