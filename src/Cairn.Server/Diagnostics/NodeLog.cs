using Cairn.Server.Options;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Cairn.Server.Diagnostics;

/// <summary>The log of a node: on standard error, so that standard output carries only the start-up summary.</summary>
internal static class NodeLog
{
    public static ILoggerFactory Open(ServerModel model) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(model.LogLevel);

        // Kestrel tells every connection that a client dropped; that is the client's business.
        builder.AddFilter("Microsoft", level => level >= LogLevel.Warning && level >= model.LogLevel);
        builder.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (model.IsJsonLog)
        {
            builder.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "O";
            });
        }
        else
        {
            builder.AddSimpleConsole(plain =>
            {
                plain.SingleLine = true;
                plain.ColorBehavior = LoggerColorBehavior.Disabled;
                plain.UseUtcTimestamp = true;
                plain.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff ";
            });
        }
    });
}
