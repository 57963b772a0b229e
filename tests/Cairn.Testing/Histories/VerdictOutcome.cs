namespace Cairn.Testing.Histories;

internal enum VerdictOutcome
{
    /// <summary>Some order of the operations explains all answers.</summary>
    Linearizable,

    /// <summary>No order does.</summary>
    Violated,

    /// <summary>The search was given up. Not a pass.</summary>
    Inconclusive,
}
