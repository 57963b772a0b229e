namespace Cairn.Client.S3;

/// <summary>An object as a listing shows it. The size is in bytes, the ETag has its quotes.</summary>
public sealed record S3ListedObject(string Key, long Size, string ETag, DateTimeOffset ModifiedAt);
