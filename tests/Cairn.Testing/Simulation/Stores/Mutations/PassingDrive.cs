using Cairn.Drives;

namespace Cairn.Testing.Simulation.Stores.Mutations;

/// <summary>A drive that passes everything on, for others to change one thing, in the name of whichever layout.</summary>
internal abstract class PassingDrive(IDrive inner) : DelegatingDrive(inner)
{
    public override IDrive At(long epoch) => this;
}
