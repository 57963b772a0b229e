using System.CommandLine;
using System.CommandLine.Help;
using Cairn.Cli.Commands;

namespace Cairn.Cli;

/// <summary>The command line of <c>cairn</c>: one root command, its help, and the translation to exit codes.</summary>
/// <remarks>
/// Purpose: the client commands live here; the executable adds the commands that need the server's own layers.
/// Failure: a wrong command line ends with Usage, an exception with Failure and one line on standard error.
/// </remarks>
public static class CairnCommandLine
{
    /// <summary>Parses and runs.</summary>
    /// <param name="arguments">As the process got them.</param>
    /// <param name="nodeCommands">Commands that work on drives directly and therefore cannot live in this library.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, IEnumerable<Command> nodeCommands)
    {
        RootCommand root = BuildRoot(nodeCommands);
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in parsed.Errors.Select(e => e.Message).Distinct())
            {
                await Console.Error.WriteLineAsync($"cairn: {message}");
            }

            string command = NameOf(parsed.CommandResult.Command);
            await Console.Error.WriteLineAsync($"Try 'cairn{command} --help'.");
            return ExitCodes.Usage;
        }

        try
        {
            // Commands own their signals: draining a server takes longer than the parser's grace period.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"cairn: {failure.Message}");
            return ExitCodes.Failure;
        }
    }

    private static string NameOf(Command command) =>
        command is RootCommand ? "" : $"{command.Parents.OfType<Command>().Select(NameOf).FirstOrDefault()} {command.Name}";

    internal static RootCommand BuildRoot(IEnumerable<Command> nodeCommands)
    {
        var root = new RootCommand("Cairn, an S3-compatible, erasure-coded object store.");
        foreach (Command command in nodeCommands)
        {
            root.Add(command);
        }

        root.Add(BenchCommand.Build());
        root.Add(AdminCommand.Build());
        root.Add(DevCommand.Build());
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamplesAction((HelpAction)help.Action!);
        return root;
    }
}
