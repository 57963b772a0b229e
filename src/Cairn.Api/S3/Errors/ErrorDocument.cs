using Cairn.Api.S3.Xml;
using Microsoft.AspNetCore.Http;

namespace Cairn.Api.S3.Errors;

/// <summary>
/// Answers a request with an error, and leaves the connection in a state that its client understands.
/// </summary>
internal static class ErrorDocument
{
    /// <summary>A body up to this size is read and thrown away, so that the connection can go on.</summary>
    private const long MaxDrained = 256 << 10;

    /// <summary>The x-amz-id-2 of every answer: which process gave it.</summary>
    public static string HostId { get; } = Convert.ToBase64String(Guid.NewGuid().ToByteArray());

    public static async Task WriteAsync(S3Call call, S3Error error)
    {
        HttpResponse response = call.Response;
        if (response.HasStarted)
        {
            // What is on its way promised to be whole. Only a broken connection takes that back.
            call.Http.Abort();
            return;
        }

        if (error != S3Error.NotModified)
        {
            // What was said about an object is not true of its error.
            call.ResetResponse();
        }

        response.StatusCode = error.Status;
        foreach (KeyValuePair<string, string> header in error.Headers)
        {
            response.Headers[header.Key] = header.Value;
        }

        if (MustClose(call, error))
        {
            response.Headers.Connection = "close";
        }

        if (error.Status == StatusCodes.Status304NotModified || HttpMethods.IsHead(call.Request.Method))
        {
            return;
        }

        using var xml = new XmlOutput();
        Render(xml, call, error);
        await xml.RespondAsync(call, error.Status);
    }

    /// <summary>Writes the error element; it has no namespace.</summary>
    public static void Render(XmlOutput xml, S3Call call, S3Error error)
    {
        xml.Open("Error"u8);
        xml.Element("Code"u8, error.Code);
        xml.Element("Message"u8, error.Message);
        foreach (KeyValuePair<string, string> detail in error.Details)
        {
            xml.Element(detail.Key, detail.Value);
        }

        if (call.Bucket is { Length: > 0 } bucket)
        {
            xml.Element("BucketName"u8, bucket);
        }

        if (call.Key is { Length: > 0 } key)
        {
            xml.Element("Key"u8, key);
        }

        xml.Element("Resource"u8, call.Target.Path);
        xml.Element("RequestId"u8, call.RequestId);
        xml.Element("HostId"u8, HostId);
        xml.Close("Error"u8);
    }

    // A client that waits for 100-continue must not be left waiting, and its body may come or not; a long body is not
    // worth reading for a request that failed.
    public static bool MustClose(S3Call call, S3Error error)
    {
        HttpRequest request = call.Request;
        bool hasBody = request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;
        return hasBody
            && !call.IsBodyRead
            && (request.Headers.Expect.Count > 0
                || request.ContentLength is null or > MaxDrained
                || error == S3Error.RequestTimeout
                || error == S3Error.IncompleteBody);
    }
}
