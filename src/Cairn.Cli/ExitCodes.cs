namespace Cairn.Cli;

/// <summary>What the process's exit code tells a script.</summary>
public static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The work was tried and failed; the reason is on standard error.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the configuration is wrong; nothing was tried.</summary>
    public const int Usage = 2;

    /// <summary>The drives or the endpoint cannot be used.</summary>
    public const int Unavailable = 3;

    /// <summary>The work was done and found something wrong: damage on a drive, failed requests in a benchmark.</summary>
    public const int Findings = 4;

    /// <summary>A node left because it was asked to restart: whoever supervises it starts it again.</summary>
    public const int Restart = 75;

    /// <summary>Stopped at once by a second signal, without draining.</summary>
    public const int Interrupted = 130;
}
