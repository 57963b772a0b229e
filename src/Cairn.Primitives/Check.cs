using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Cairn.Primitives;

/// <summary>Invariants that stay on in release.</summary>
public static class Check
{
    /// <summary>A condition that only a bug in this program can break.</summary>
    /// <exception cref="UnreachableException">The condition does not hold.</exception>
    public static void Invariant(
        [DoesNotReturnIf(false)] bool holds,
        [CallerArgumentExpression(nameof(holds))] string expression = "")
    {
        if (!holds)
        {
            throw new UnreachableException("Invariant violated: " + expression);
        }
    }
}
