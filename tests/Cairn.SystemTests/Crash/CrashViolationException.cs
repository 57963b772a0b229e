namespace Cairn.SystemTests.Crash;

/// <summary>Something acknowledged was lost or changed, or something impossible was seen.</summary>
public sealed class CrashViolationException : Exception
{
    public CrashViolationException()
    {
    }

    public CrashViolationException(string message)
        : base(message)
    {
    }

    public CrashViolationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
