using System.Globalization;
using System.Text.Json;
using Cairn.Benchmarks.Measurement;

namespace Cairn.Benchmarks.Http;

/// <summary>Prints the table that docs/performance.md keeps, and writes it as JSON.</summary>
internal sealed class HttpReport
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
    };

    private readonly string _machine = MachineDescription.Read();
    private readonly List<HttpFigure> _figures = [];

    public void Add(HttpFigure figure)
    {
        _figures.Add(figure);
        Console.Error.WriteLine($"   {figure.What}: {Format(figure.Verdict)} (bar {figure.Bar})");
    }

    /// <returns>The exit code: 0 when every bar is met.</returns>
    public int Finish(string? jsonPath)
    {
        Console.WriteLine(_machine);
        Console.WriteLine();
        Console.WriteLine("| row | what | median (lowest - highest) | limit | verdict | bar | met |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (HttpFigure figure in _figures)
        {
            string limit = figure.Limit is null ? "" : Format(figure.Limit);
            Console.WriteLine(
                $"| {figure.Row} | {figure.What}, {figure.Unit} | {Format(figure.Measured)} | {limit} "
                + $"| {Format(figure.Verdict)} | {figure.Bar} | {(figure.IsMet ? "yes" : "NO")} |");
        }

        if (jsonPath is not null)
        {
            File.WriteAllText(jsonPath, JsonSerializer.Serialize(new { Machine = _machine, Figures = _figures }, Indented));
        }

        return _figures.All(figure => figure.IsMet) ? 0 : 4;
    }

    private static string Format(Spread spread) =>
        $"{Format(spread.Median)} ({Format(spread.Lowest)} - {Format(spread.Highest)})";

    private static string Format(double value) => value switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("F1", CultureInfo.InvariantCulture),
        _ => value.ToString("F2", CultureInfo.InvariantCulture),
    };
}
