namespace Cairn.Cli.Bench;

/// <summary>What one second of a run achieved.</summary>
internal sealed record BenchSecond(long Operations, long Bytes);
