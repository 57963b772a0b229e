using System.Globalization;

namespace Cairn.Server.Options;

/// <summary>The table of everything <c>cairn server</c> can be told.</summary>
internal static class ServerSettings
{
    public static readonly Setting Drives = new(
        "VOLUMES",
        "drives",
        "Directories that hold the data, one per drive, or the drives of all nodes as http://host:port/directory; {1...4} "
            + "stands for a range, and ranges multiply.",
        "directories separated by spaces, with ranges such as /mnt/drive{1...4} or http://node{1...4}:9000/mnt/drive{1...4}")
    {
        IsPositional = true,
        Aliases = ["MINIO_VOLUMES", "RUSTFS_VOLUMES"],
    };

    public static readonly Setting Address = new(
        "ADDRESS", "[host]:port", "Where the S3 API listens; without a host on all interfaces.", ListenAddress.Accepted)
    {
        Default = ":9000",
        Aliases = ["MINIO_ADDRESS", "RUSTFS_ADDRESS"],
    };

    public static readonly Setting ConsoleAddress = new(
        "CONSOLE_ADDRESS",
        "[host]:port",
        "Where the web console will listen. This version has no console: the address is checked and kept free.",
        ListenAddress.Accepted)
    {
        Default = ":9001",
        Aliases = ["MINIO_CONSOLE_ADDRESS", "RUSTFS_CONSOLE_ADDRESS"],
    };

    public static readonly Setting ClusterAddress = new(
        "CLUSTER_ADDRESS",
        "[host]:port",
        "Where this node listens for the other nodes; by default on all interfaces, at the port of the S3 API and two.",
        ListenAddress.Accepted);

    public static readonly Setting ClusterSecret = new(
        "CLUSTER_SECRET",
        "secret",
        "What all nodes of a cluster know and nobody else; they prove it to each other and protect what they say with it.",
        "at least 16 characters, the same on all nodes; take random ones")
    {
        IsSecret = true,
    };

    public static readonly Setting ClusterCertificates = new(
        "CLUSTER_CERTS_DIR",
        "directory",
        "Mutual TLS between the nodes instead of a cluster secret.",
        "a directory with ca.crt, node.crt and node.key");

    public static readonly Setting OwnNode = new(
        "NODE",
        "host[:port]",
        "Which of the nodes this one is, where its name and addresses do not tell.",
        "a host, or host and port, of the drives' addresses");

    public static readonly Setting GossipSeconds = new(
        "GOSSIP_SECONDS",
        "seconds",
        "How often a node passes on what it has heard of the others. Silence is noticed sooner, within about a second.",
        string.Create(CultureInfo.InvariantCulture, $"1 to {ServerLimits.MaxGossipSeconds}, the same on all nodes"))
    {
        Default = "1",
    };

    public static readonly Setting HeartbeatSeconds = new(
        "HEARTBEAT_SECONDS",
        "seconds",
        "How often a node exchanges all it knows of the others with one of them.",
        string.Create(
            CultureInfo.InvariantCulture, $"1 to {ServerLimits.MaxHeartbeatSeconds}, not below the gossip's, the same on all nodes"))
    {
        Default = "5",
    };

    public static readonly Setting FailedAfterSeconds = new(
        "FAILED_AFTER_SECONDS",
        "seconds",
        "How long a silent node is only suspected before it counts as failed. It is asked last from the suspicion on.",
        string.Create(
            CultureInfo.InvariantCulture, $"2 to {ServerLimits.MaxFailedSeconds}, not below the heartbeat's, the same on all nodes"))
    {
        Default = "15",
    };

    public static readonly Setting RootUser = new(
        "ROOT_USER",
        "name",
        "Access key of the root credential. Without one the first start generates a credential and keeps it.",
        RootCredential.AcceptedUser)
    {
        IsSecret = true,
        Aliases = ["MINIO_ROOT_USER", "MINIO_ACCESS_KEY", "RUSTFS_ROOT_USER", "RUSTFS_ACCESS_KEY"],
    };

    public static readonly Setting RootPassword = new(
        "ROOT_PASSWORD", "secret", "Secret key of the root credential.", RootCredential.AcceptedPassword)
    {
        IsSecret = true,
        Aliases = ["MINIO_ROOT_PASSWORD", "MINIO_SECRET_KEY", "RUSTFS_ROOT_PASSWORD", "RUSTFS_SECRET_KEY"],
    };

    public static readonly Setting CredentialsFile = new(
        "CREDENTIALS_FILE",
        "file",
        "Where a generated root credential is kept, readable by its owner only. "
            + "By default beside the first drive: .cairn-credentials in its parent directory.",
        "a path in a directory the server may write to");

    public static readonly Setting Region = new(
        "REGION", "name", "The region clients sign for.", "1 to 64 lower-case letters, digits and dashes")
    {
        Default = "us-east-1",
        Aliases = ["MINIO_REGION", "MINIO_SITE_REGION", "RUSTFS_REGION"],
    };

    public static readonly Setting Domain = new(
        "DOMAIN",
        "names",
        "Base domains for virtual-host style requests (bucket.domain); without one only path style is understood.",
        "DNS names separated by commas, such as s3.example.com")
    {
        Aliases = ["MINIO_DOMAIN", "RUSTFS_SERVER_DOMAINS"],
    };

    public static readonly Setting WalDirectory = new(
        "WAL_DIR",
        "directory",
        "Keeps the write-ahead logs of all drives on one faster device instead of on the drives themselves.",
        "a directory outside the drives");

    public static readonly Setting StandardClass = new(
        "STORAGE_CLASS_STANDARD",
        "EC:m",
        "Parity of the storage class STANDARD; by default half of the drives an object is spread over.",
        StorageClassParity.Accepted)
    {
        Aliases = ["MINIO_STORAGE_CLASS_STANDARD", "RUSTFS_STORAGE_CLASS_STANDARD"],
    };

    public static readonly Setting ReducedClass = new(
        "STORAGE_CLASS_RRS",
        "EC:m",
        "Parity of the storage class REDUCED_REDUNDANCY; by default one drive may be lost.",
        StorageClassParity.Accepted)
    {
        Aliases = ["MINIO_STORAGE_CLASS_RRS", "RUSTFS_STORAGE_CLASS_RRS"],
    };

    public static readonly Setting CertificateDirectory = new(
        "CERTS_DIR",
        "directory",
        "Serves HTTPS with the certificate chain and key found here, in PEM.",
        "a directory with public.crt and private.key")
    {
        Aliases = ["MINIO_CERTS_DIR", "RUSTFS_TLS_PATH"],
    };

    public static readonly Setting SignatureV2 = new(
        "SIGNATURE_V2",
        "on|off",
        "Whether the older AWS signature version 2 is accepted; some clients still presign with it.",
        "on, off")
    {
        Default = "on",
    };

    public static readonly Setting LeaveSeconds = new(
        "LEAVE_SECONDS",
        "seconds",
        "How long a stopping server, no longer ready, goes on taking requests, so that balancers can turn to the others; "
            + "by default 3 in a cluster and 0 alone.",
        string.Create(CultureInfo.InvariantCulture, $"0 to {ServerLimits.MaxDrainSeconds}"));

    public static readonly Setting DrainSeconds = new(
        "DRAIN_SECONDS",
        "seconds",
        "How long a stopping server lets requests in flight finish.",
        string.Create(CultureInfo.InvariantCulture, $"0 to {ServerLimits.MaxDrainSeconds}"))
    {
        Default = "30",
    };

    public static readonly Setting ScrubSeconds = new(
        "SCRUB_SECONDS",
        "seconds",
        "How long after a complete check of a drive the next one begins; 0 for no checks.",
        string.Create(CultureInfo.InvariantCulture, $"0 to {ServerLimits.MaxScrubSeconds}"))
    {
        // A week.
        Default = "604800",
    };

    public static readonly Setting ScrubRate = new(
        "SCRUB_RATE",
        "MiB/s",
        "How fast a check reads, for each drive.",
        string.Create(CultureInfo.InvariantCulture, $"1 to {ServerLimits.MaxScrubRate}"))
    {
        Default = "32",
    };

    public static readonly Setting LogFormat = new(
        "LOG_FORMAT", "plain|json", "The format of the log on standard error.", "plain, json")
    {
        Default = "plain",
    };

    public static readonly Setting LogLevel = new(
        "LOG_LEVEL",
        "level",
        "The least severe log entries to write.",
        "trace, debug, information, warning, error")
    {
        Default = "information",
    };

    /// <summary>In the order of the help text and of the reference page.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Drives, Address, ConsoleAddress, ClusterAddress, ClusterSecret, ClusterCertificates, OwnNode,
        GossipSeconds, HeartbeatSeconds, FailedAfterSeconds, RootUser, RootPassword, CredentialsFile, Region, Domain, WalDirectory,
        StandardClass, ReducedClass, CertificateDirectory, SignatureV2, LeaveSeconds, DrainSeconds, ScrubSeconds,
        ScrubRate, LogFormat, LogLevel,
    ];
}
