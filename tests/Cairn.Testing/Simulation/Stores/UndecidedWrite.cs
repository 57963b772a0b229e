using Cairn.Testing.Histories;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>A write of a version whose client may never learn its outcome.</summary>
internal sealed record UndecidedWrite(string Key, KeyVersion Version, bool IsMarker, PendingOperation Operation)
{
    public int Write => Version.Write;

    /// <summary>After all faults somebody has looked.</summary>
    public void Decide(bool hasHappened, VersionOrder order, long end)
    {
        if (hasHappened)
        {
            Operation.HasHappened(ObjectStep.AddUnanswered(Version, order, Operation.Step), end);
        }
        else
        {
            Operation.Fail();
        }
    }
}
