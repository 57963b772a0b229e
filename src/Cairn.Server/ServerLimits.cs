namespace Cairn.Server;

/// <summary>Bounds of the host. Each one ends something that would otherwise grow with what a client or a user sends.</summary>
internal static class ServerLimits
{
    /// <summary>Numbers one {N...M} range may stand for, as in other products: a typing mistake is caught here.</summary>
    public const int MaxRangeNumbers = 10_000;

    /// <summary>Drives of one node. Every drive runs a RocksDB instance with its own memory and threads.</summary>
    public const int MaxDrives = 256;

    /// <summary>A day. Zero means that requests in flight are cut off at once.</summary>
    public const int MaxDrainSeconds = 86_400;

    /// <summary>Bytes of a request's header block: 8 KiB are the URI of a presigned request, AWS allows 8 KiB of headers.</summary>
    public const int MaxHeaderBytes = 64 * 1024;

    /// <summary>Bytes of a request line: a 1,024-byte key percent-encoded, and a presigned query with a session token.</summary>
    public const int MaxRequestLineBytes = 16 * 1024;

    public const int MaxHeaderCount = 200;

    /// <summary>Time a client may take to send its header block, against connections held open for nothing.</summary>
    public static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Longer than the pools of common clients keep a connection, so that the client is the one who closes.</summary>
    public static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(130);
}
