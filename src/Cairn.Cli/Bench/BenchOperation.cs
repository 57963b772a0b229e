namespace Cairn.Cli.Bench;

/// <summary>What a client of the benchmark can do. The numbers index statistics.</summary>
internal enum BenchOperation
{
    Put = 0,
    Get = 1,
    Head = 2,
    Delete = 3,
    List = 4,
}
