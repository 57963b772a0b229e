using Microsoft.Extensions.Logging;

namespace Cairn.Api.S3;

/// <summary>Events of the S3 API. Requests themselves are traces, not log lines.</summary>
internal static partial class Log
{
    [LoggerMessage(8000, LogLevel.Error, "Request {RequestId} ({Operation}) failed")]
    public static partial void RequestFailed(
        ILogger logger, Exception exception, string requestId, string operation);

    [LoggerMessage(8001, LogLevel.Warning, "Request {RequestId} met an object whose data cannot be read")]
    public static partial void DataUnavailable(ILogger logger, Exception exception, string requestId);
}
