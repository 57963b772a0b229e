namespace Cairn.Client.S3;

/// <summary>A bucket of the account.</summary>
public sealed record S3Bucket(string Name, DateTimeOffset CreatedAt);
