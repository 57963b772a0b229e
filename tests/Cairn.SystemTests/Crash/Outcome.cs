namespace Cairn.SystemTests.Crash;

/// <summary>What came of one call, in the three kinds that the ledgers know.</summary>
internal enum Outcome
{
    /// <summary>The server said that it is done.</summary>
    Acknowledged,

    /// <summary>The server said that it did nothing, and why.</summary>
    Refused,

    /// <summary>No answer, half of one, or a server error: done or not.</summary>
    Unknown,
}
