using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cairn.Api.S3;
using Cairn.Api.S3.Bodies;
using Cairn.Api.S3.Errors;
using Microsoft.AspNetCore.Http;

namespace Cairn.Api.Admin;

/// <summary>An authorised request to the admin API.</summary>
/// <param name="request">The request, with its signature.</param>
/// <param name="services">What operations work on.</param>
internal sealed class AdminCall(S3Call request, AdminServices services)
{
    public AdminServices Services => services;

    public CancellationToken Cancellation => request.Cancellation;

    /// <summary>A parameter of the query; null when absent or empty.</summary>
    public string? Query(string name) => request.Query.FindText(name);

    /// <summary>The request's document.</summary>
    /// <exception cref="S3Exception">There is none, it is damaged, or it is not what the operation takes.</exception>
    public async Task<T> ReadAsync<T>(JsonTypeInfo<T> type)
    {
        ReadOnlyMemory<byte> body = await BufferedBody.ReadUncheckedAsync(request);
        try
        {
            return JsonSerializer.Deserialize(body.Span, type)
                ?? throw new S3Exception(S3Error.InvalidRequest.Because("The document is null."));
        }
        catch (JsonException failure)
        {
            throw new S3Exception(S3Error.InvalidRequest.Because($"The document cannot be read: {failure.Message}"));
        }
    }

    /// <summary>Answers with a document.</summary>
    public async Task<S3Error?> AnswerAsync<T>(T document, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        await WriteAsync(request, document, type, status);
        return null;
    }

    internal static async Task WriteAsync<T>(S3Call request, T document, JsonTypeInfo<T> type, int status)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(document, type);
        request.Response.StatusCode = status;
        request.Response.ContentType = "application/json";
        request.Response.ContentLength = body.Length;
        request.Response.Headers.CacheControl = "no-store";
        await request.Response.Body.WriteAsync(body, request.Cancellation);
    }
}
