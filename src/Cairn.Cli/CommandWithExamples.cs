using System.CommandLine;
using System.Diagnostics.CodeAnalysis;

namespace Cairn.Cli;

/// <summary>A command whose help ends with examples that can be copied.</summary>
[SuppressMessage("Design", "CA1010", Justification = "The parser's Command is enumerable for initializers only.")]
public sealed class CommandWithExamples(string name, string description, IReadOnlyList<CommandExample> examples)
    : Command(name, description)
{
    public IReadOnlyList<CommandExample> Examples { get; } = examples;

    /// <summary>What the options' own descriptions cannot say; empty for nothing.</summary>
    public string Notes { get; init; } = "";
}
