namespace Cairn.SystemTests.Crash;

/// <summary>One call and what came of it.</summary>
/// <param name="Outcome">The kind.</param>
/// <param name="Code">The S3 error code of a refusal or of a server error.</param>
/// <param name="Value">The answer of an acknowledged call.</param>
internal readonly record struct Attempt<T>(Outcome Outcome, string? Code, T? Value);
