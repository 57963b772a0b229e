using System.Net;
using System.Text.Json;

namespace Cairn.Client.Admin;

/// <summary>An answer of the admin API that is not a success.</summary>
public sealed class AdminException : Exception
{
    private AdminException(HttpStatusCode status, AdminError error)
        : base($"{(int)status} {error.Code}: {error.Message}")
    {
        Status = status;
        Code = error.Code;
        RequestId = error.RequestId;
    }

    public HttpStatusCode Status { get; }

    /// <summary>The error's code; the status's name where something in between answered.</summary>
    public string Code { get; }

    /// <summary>Empty when the answer had none.</summary>
    public string RequestId { get; }

    internal static AdminException From(HttpResponseMessage response, string body) => new(
        response.StatusCode,
        TryParse(body) ?? new AdminError(response.StatusCode.ToString(), response.ReasonPhrase ?? "", ""));

    private static AdminError? TryParse(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, AdminJson.Default.AdminError);
        }
        catch (JsonException)
        {
            // Not ours: a proxy's page, or another product.
            return null;
        }
    }
}
