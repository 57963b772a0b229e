using System.CommandLine;

namespace Cairn.Cli.Commands;

/// <summary><c>cairn bench</c>.</summary>
internal static class BenchCommand
{
    public static Command Build() => new CommandWithExamples("bench", "Measures any S3 endpoint.", []);
}
