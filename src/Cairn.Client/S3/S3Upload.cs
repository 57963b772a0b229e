namespace Cairn.Client.S3;

/// <summary>A multipart upload in progress.</summary>
public sealed record S3Upload(string Bucket, string Key, string Id);
