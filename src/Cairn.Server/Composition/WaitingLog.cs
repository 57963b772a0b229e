using Cairn.Server.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Cairn.Server.Composition;

/// <summary>Logs what a node is waiting for whenever that changes.</summary>
internal sealed class WaitingLog(ILogger logger)
{
    private string? _told;

    public void Tell(string what)
    {
        if (what != _told)
        {
            _told = what;
            Log.Waiting(logger, what);
        }
    }
}
