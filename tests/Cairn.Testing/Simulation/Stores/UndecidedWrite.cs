using Cairn.Testing.Histories;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>A write of a version whose outcome its client may never learn.</summary>
internal sealed record UndecidedWrite(string Key, int Write, bool IsMarker, PendingOperation Operation)
{
    /// <summary>After all faults somebody has looked.</summary>
    public void Decide(bool hasHappened, long end)
    {
        if (hasHappened)
        {
            Operation.EndAt(end);
        }
        else
        {
            Operation.Fail();
        }
    }
}
