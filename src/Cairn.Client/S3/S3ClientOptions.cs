namespace Cairn.Client.S3;

/// <summary>Where an S3 endpoint is, and who asks.</summary>
public sealed record S3ClientOptions
{
    /// <summary>Scheme, host and port; a path is not used.</summary>
    public required Uri Endpoint { get; init; }

    public required string AccessKey { get; init; }

    public required string SecretKey { get; init; }

    public string Region { get; init; } = "us-east-1";

    /// <summary>True: endpoint/bucket/key. False: bucket.endpoint/key, which needs the names to resolve.</summary>
    public bool IsPathStyle { get; init; } = true;

    /// <summary>Connections at once; further requests wait for one.</summary>
    public int MaxConnections { get; init; } = 64;

    /// <summary>Signatures carry the time; a server refuses what is too far from its own.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Without the secret, which must not reach a log.</summary>
    public override string ToString() => $"{Endpoint} as {AccessKey}";
}
