using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Cairn.Cli;

/// <summary>The parser's own help, and behind it the command's examples.</summary>
internal sealed class HelpWithExamplesAction(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not CommandWithExamples { Examples.Count: > 0 } command)
        {
            return code;
        }

        TextWriter output = parseResult.InvocationConfiguration.Output;
        if (command.Notes.Length > 0)
        {
            output.WriteLine(command.Notes);
            output.WriteLine();
        }

        output.WriteLine("Examples:");
        foreach (CommandExample example in command.Examples)
        {
            output.WriteLine($"  # {example.Purpose}");
            output.WriteLine($"  {example.Line}");
            output.WriteLine();
        }

        return code;
    }
}
