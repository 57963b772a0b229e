namespace Cairn.Benchmarks.Http;

/// <summary>One row of the benchmark table.</summary>
internal interface IHttpRow
{
    string Name { get; }

    string Description { get; }

    Task<IReadOnlyList<HttpFigure>> MeasureAsync(HttpSettings settings);
}
