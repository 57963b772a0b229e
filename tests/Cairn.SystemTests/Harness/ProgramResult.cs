namespace Cairn.SystemTests.Harness;

/// <summary>What a finished foreign program said.</summary>
internal sealed record ProgramResult(string CommandLine, int ExitCode, string Output, string Errors)
{
    /// <summary>Fails the test with everything the program printed unless it succeeded.</summary>
    public ProgramResult EnsureSuccess()
    {
        if (ExitCode != 0)
        {
            Assert.Fail($"Exit code {ExitCode} from: {CommandLine}\n--- output\n{Output}\n--- errors\n{Errors}");
        }

        return this;
    }

    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
