using Cairn.Client.S3;

namespace Cairn.Cli.Bench;

/// <summary>A checked description of a benchmark run.</summary>
internal sealed record BenchPlan
{
    /// <summary>Where to and as whom; without an access key requests are not signed.</summary>
    public required S3ClientOptions Target { get; init; }

    public required string Bucket { get; init; }

    /// <summary>Keys begin with this; unreserved characters and slashes only, so that they need no encoding.</summary>
    public required string Prefix { get; init; }

    public required OperationMix Mix { get; init; }

    public required ObjectSizes Sizes { get; init; }

    public required int Clients { get; init; }

    public required TimeSpan Duration { get; init; }

    public required TimeSpan WarmUp { get; init; }

    /// <summary>Objects prepared, and the most that put writes; null for put: until the time is over.</summary>
    public required int? Objects { get; init; }

    /// <summary>Folders the keys are spread over.</summary>
    public required int Folders { get; init; }

    /// <summary>Objects above this size are put in parts of it; null: never.</summary>
    public required int? PartSize { get; init; }

    /// <summary>List by folder instead of by key.</summary>
    public required bool IsListingByFolder { get; init; }

    /// <summary>Whether the hash of each body is part of the signature.</summary>
    public required bool IsPayloadSigned { get; init; }

    /// <summary>Compare every byte that is read with what was written.</summary>
    public required bool IsContentVerified { get; init; }

    /// <summary>The objects of an earlier run that was kept are there already.</summary>
    public required bool IsReusing { get; init; }

    /// <summary>Leave the objects and the bucket.</summary>
    public required bool IsKeeping { get; init; }

    /// <summary>What stands before the key on the request line.</summary>
    public string KeyRoot => Target.IsPathStyle ? $"/{Bucket}/" : "/";

    /// <summary>What a request for the bucket itself asks for.</summary>
    public string BucketPath => Target.IsPathStyle ? $"/{Bucket}" : "/";
}
