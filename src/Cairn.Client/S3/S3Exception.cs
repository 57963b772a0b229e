using System.Net;
using System.Xml;
using System.Xml.Linq;

namespace Cairn.Client.S3;

/// <summary>An answer of the server that is not a success.</summary>
public sealed class S3Exception : Exception
{
    private S3Exception(string message, HttpStatusCode status, string code, string requestId)
        : base(message)
    {
        Status = status;
        Code = code;
        RequestId = requestId;
    }

    public HttpStatusCode Status { get; }

    /// <summary>The S3 error code, such as NoSuchKey; the status's name where the answer had no body (HEAD).</summary>
    public string Code { get; }

    /// <summary>The server's name for the request; empty when it gave none.</summary>
    public string RequestId { get; }

    internal static S3Exception From(HttpResponseMessage response, string body)
    {
        string code = response.StatusCode.ToString();
        string message = response.ReasonPhrase ?? code;
        if (TryParse(body) is { } error)
        {
            code = error.Element("Code")?.Value ?? code;
            message = error.Element("Message")?.Value ?? message;
        }

        string requestId = response.Headers.TryGetValues("x-amz-request-id", out IEnumerable<string>? ids) ? ids.First() : "";
        return new S3Exception($"{(int)response.StatusCode} {code}: {message}", response.StatusCode, code, requestId);
    }

    internal static S3Exception From(HttpResponseMessage response, XElement error) =>
        From(response, error.ToString());

    private static XElement? TryParse(string body)
    {
        if (body.Length == 0)
        {
            return null;
        }

        try
        {
            using var reader = XmlReader.Create(new StringReader(body));
            XElement root = XElement.Load(reader);
            return root.Name.LocalName == "Error" ? root : null;
        }
        catch (XmlException)
        {
            // Proxies answer in HTML; status and reason are all there is then.
            return null;
        }
    }
}
