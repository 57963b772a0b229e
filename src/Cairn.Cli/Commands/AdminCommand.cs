using System.CommandLine;
using Cairn.Cli.Commands.Admin;

namespace Cairn.Cli.Commands;

/// <summary><c>cairn admin</c>: looks at a running cluster and changes it.</summary>
internal static class AdminCommand
{
    public static Command Build()
    {
        var command = new Command("admin", "Looks at a running cluster and administers it, through any of its nodes.");
        command.Add(StatusCommand.Build());
        command.Add(RestartCommand.Build());
        command.Add(LayoutCommand.Build());
        return command;
    }
}
