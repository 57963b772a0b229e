namespace Cairn.SystemTests.Harness;

/// <summary>How a node under test is started.</summary>
internal sealed record ProcessNodeOptions
{
    public int DriveCount { get; init; } = 4;

    /// <summary>Where the drive folders are made; null for the system's folder for temporary files.</summary>
    public string? ParentFolder { get; init; }

    /// <summary>Serves HTTPS with this certificate; null for plain HTTP.</summary>
    public TestCertificate? Certificate { get; init; }

    /// <summary>The address that the node listens on.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The network namespace that it runs in; null for that of the tests.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>Further arguments of <c>cairn server</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
