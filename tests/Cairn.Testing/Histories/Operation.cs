using System.Globalization;

namespace Cairn.Testing.Histories;

/// <summary>One operation on one key, from its call to its answer, in ticks of the history's clock.</summary>
/// <param name="Name">For people.</param>
/// <param name="Start">When it was called.</param>
/// <param name="End">When it was answered; <see cref="Never"/> when its outcome is unknown.</param>
/// <param name="Step">Its effect, or what it saw.</param>
internal sealed record Operation<TState>(string Name, long Start, long End, IStep<TState> Step)
{
    public const long Never = long.MaxValue;

    /// <summary>False: it may take effect at any time after its start, or never.</summary>
    public bool IsCertain => End != Never;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"[{Start}, {(IsCertain ? End : "?")}] {Name}");
}
