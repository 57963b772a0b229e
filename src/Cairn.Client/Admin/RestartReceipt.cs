namespace Cairn.Client.Admin;

/// <summary>A node has begun to leave, and will be another process when it is back.</summary>
/// <param name="Instance">Of the process that leaves.</param>
public sealed record RestartReceipt(string Instance);
