using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Cairn.Api.S3;

/// <summary>Sets the HTTP server up for S3.</summary>
public static class S3KestrelExtensions
{
    /// <summary>
    /// Lifts the limits that would reset a connection in a way that no S3 client understands (the API has its own and
    /// answers in S3's words), and bounds what one connection can hold in memory.
    /// </summary>
    public static KestrelServerOptions ConfigureForS3(this KestrelServerOptions options)
    {
        // A line that ends in a line feed alone is one line to one server and a part of one to another: whoever stands in
        // front may see two requests where this one sees one. The switch has no property.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", isEnabled: true);
        options.AddServerHeader = false;
        // Stored headers come back as they were sent, UTF-8 included.
        options.ResponseHeaderEncodingSelector = static _ => Encoding.UTF8;
        KestrelServerLimits limits = options.Limits;
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        // A reader may pause (a mounted file system, a tape); one that is gone is noticed by its connection.
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromMinutes(2));
        // A key of 1,024 bytes is three times as long when encoded, and a presigned query carries a session token.
        limits.MaxRequestLineSize = 16 << 10;
        limits.MaxRequestHeadersTotalSize = 64 << 10;
        limits.MaxRequestBufferSize = 1 << 20;
        limits.MaxResponseBufferSize = 256 << 10;
        return options;
    }
}
