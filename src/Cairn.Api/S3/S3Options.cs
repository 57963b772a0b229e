namespace Cairn.Api.S3;

/// <summary>What an operator can set of the S3 API. Immutable; validated by whoever reads the configuration.</summary>
public sealed record S3Options
{
    /// <summary>The region that signatures must name and GetBucketLocation answers.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Base domains: a request to bucket.domain is virtual-host style. Empty: path style only.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>Whether signatures of version 2 are accepted; boto3 still presigns with them by default.</summary>
    public bool AllowSignatureV2 { get; init; } = true;

    /// <summary>How long an upload may send nothing before it ends in RequestTimeout.</summary>
    public TimeSpan UploadPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a copy or a completion may take before the answer begins with white space, so that proxies and clients
    /// do not give up on it.
    /// </summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(10);
}
