using Microsoft.Extensions.Logging;

namespace Cairn.Cluster.Transport;

/// <summary>Events of links and of the cluster port.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(3000, LogLevel.Information, "Connected to node {Address}, version {Version} of the messages")]
    public static partial void LinkConnected(ILogger logger, NodeAddress address, byte version);

    [LoggerMessage(3001, LogLevel.Warning, "No connection to node {Address}: {Problem}")]
    public static partial void LinkLost(ILogger logger, NodeAddress address, string problem);

    [LoggerMessage(3002, LogLevel.Warning, "Message {Operation} of service {Service} from {Peer} is left out: {Problem}")]
    public static partial void MessageMalformed(ILogger logger, string peer, byte service, byte operation, string problem);

    [LoggerMessage(3003, LogLevel.Error, "Operation {Operation} of service {Service} failed for {Peer}")]
    public static partial void CallFailed(ILogger logger, Exception exception, string peer, byte service, byte operation);

    [LoggerMessage(3004, LogLevel.Warning, "Refused {Peer} on the cluster port ({Count} so far): {Reason}")]
    public static partial void PeerRefused(ILogger logger, string peer, long count, string reason);

    [LoggerMessage(3005, LogLevel.Error, "The certificates in {Folder} cannot be read; the former ones stay in use: {Reason}")]
    public static partial void CertificatesUnreadable(ILogger logger, string folder, string reason);

    [LoggerMessage(3006, LogLevel.Information, "Read the certificates in {Folder}; valid until {NotAfter}")]
    public static partial void CertificatesRead(ILogger logger, string folder, DateTimeOffset notAfter);

    [LoggerMessage(3007, LogLevel.Error, "A session of {Peer} failed")]
    public static partial void SessionFailed(ILogger logger, Exception exception, string peer);
}
