namespace Cairn.Benchmarks.Http;

/// <summary>A measured figure with the bar it must meet.</summary>
/// <param name="Row">The row it belongs to.</param>
/// <param name="What">What was measured.</param>
/// <param name="Unit">Of both sides.</param>
/// <param name="Measured">The store.</param>
/// <param name="Limit">What the machine can do otherwise; null where the bar is absolute.</param>
/// <param name="Verdict">The figure the bar is about: a ratio, or the measured median itself.</param>
/// <param name="Bar">In words.</param>
/// <param name="IsMet">Whether the verdict meets the bar.</param>
internal sealed record HttpFigure(
    string Row, string What, string Unit, Spread Measured, Spread? Limit, double Verdict, string Bar, bool IsMet);
