using Cairn.Cli;
using Cairn.Server.Options;

namespace Cairn.Server.Lifecycle;

/// <summary>The life of a node's process.</summary>
internal static class NodeProcess
{
    public static Task<int> RunAsync(ServerModel model)
    {
        Console.WriteLine($"{model.DrivePaths.Count} drives");
        return Task.FromResult(ExitCodes.Success);
    }
}
