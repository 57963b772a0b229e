namespace Cairn.Cli.Bench;

/// <summary>A request that did not succeed, in words for the user.</summary>
internal sealed record BenchFailure(BenchOperation Operation, string Reason);
