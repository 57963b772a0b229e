using System.Net.Security;

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

    /// <summary>Accept any certificate, as of a test endpoint that signs its own.</summary>
    public bool AcceptsAnyCertificate { get; init; }

    /// <summary>Signatures carry the time; a server refuses what is too far from its own.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The Host header of requests for a bucket (empty: for none).</summary>
    public string HostOf(string bucket) =>
        IsPathStyle || bucket.Length == 0 ? Endpoint.Authority : $"{bucket}.{Endpoint.Authority}";

    /// <summary>Without the secret, which must not reach a log.</summary>
    public override string ToString() => $"{Endpoint} as {AccessKey}";

    internal SslClientAuthenticationOptions BuildTls(string? host)
    {
        var tls = new SslClientAuthenticationOptions { TargetHost = host };
        if (AcceptsAnyCertificate)
        {
#pragma warning disable CA5359 // The caller asked for it in so many words.
            tls.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return tls;
    }
}
