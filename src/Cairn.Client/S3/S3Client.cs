using System.Globalization;

namespace Cairn.Client.S3;

/// <summary>A typed S3 client for any endpoint.</summary>
/// <remarks>
/// Purpose: one small client for everything of ours that talks S3, instead of a private one in each.
/// Concurrency: any caller, any number at once, up to the options' connections.
/// Failure: an answer that is not a success becomes an <see cref="S3Exception"/> with the server's code; no answer at
/// all an <see cref="HttpRequestException"/>. Nothing is retried: only the caller knows whether a repetition is safe.
/// Cancellation: a write may or may not have taken effect.
/// </remarks>
public sealed partial class S3Client(S3ClientOptions options) : IDisposable
{
    private readonly SignedHttp _http = new(options);

    public void Dispose() => _http.Dispose();

    /// <summary>Sends one request; the caller disposes the answer, whose body has not been read yet.</summary>
    private async Task<HttpResponseMessage> SendAsync(S3Request request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            string body = await response.Content.ReadAsStringAsync(cancellationToken);
            throw S3Exception.From(response, body);
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
