using Microsoft.Extensions.Logging;

namespace Cairn.Server.Options;

/// <summary>The checked and frozen configuration of a node; nothing below the host reads options.</summary>
internal sealed record ServerModel
{
    /// <summary>Absolute paths without duplicates, in the order given.</summary>
    public required IReadOnlyList<string> DrivePaths { get; init; }

    public required ListenAddress Address { get; init; }

    public required ListenAddress ConsoleAddress { get; init; }

    /// <summary>Null: take it from <see cref="CredentialsFile"/>, or generate it there.</summary>
    public required RootCredential? RootCredential { get; init; }

    public required string CredentialsFile { get; init; }

    public required string Region { get; init; }

    /// <summary>Lower case, without leading or trailing dots.</summary>
    public required IReadOnlyList<string> Domains { get; init; }

    public required string? WalDirectory { get; init; }

    /// <summary>Null: by the number of drives.</summary>
    public required int? StandardParity { get; init; }

    /// <summary>Null: by the number of drives.</summary>
    public required int? ReducedParity { get; init; }

    /// <summary>Null: plain HTTP.</summary>
    public required CertificateFiles? Certificate { get; init; }

    public required bool IsSignatureV2Allowed { get; init; }

    public required TimeSpan DrainTimeout { get; init; }

    /// <summary>From the end of a complete check of a drive to the next; zero: none.</summary>
    public required TimeSpan ScrubPeriod { get; init; }

    /// <summary>Of each drive.</summary>
    public required long ScrubBytesPerSecond { get; init; }

    public required bool IsJsonLog { get; init; }

    public required LogLevel LogLevel { get; init; }
}
