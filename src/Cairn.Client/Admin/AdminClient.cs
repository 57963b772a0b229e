using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cairn.Client.S3;

namespace Cairn.Client.Admin;

/// <summary>A typed client of the admin API of one node.</summary>
/// <remarks>
/// Concurrency: any caller. Failure: an answer that is not a success is an <see cref="AdminException"/>, no answer at
/// all an <see cref="HttpRequestException"/>; nothing is retried. Cancellation: what was asked for may have been done.
/// </remarks>
/// <param name="options">The node, and as whom.</param>
public sealed class AdminClient(S3ClientOptions options) : IDisposable
{
    private readonly SignedHttp _http = new(options with { IsPathStyle = true });

    /// <summary>The nodes, their drives and the layout, as the node that is asked knows them.</summary>
    public Task<ClusterStatus> GetClusterAsync(CancellationToken cancellationToken) =>
        SendAsync(Request(HttpMethod.Get, AdminPaths.Cluster), AdminJson.Default.ClusterStatus, cancellationToken);

    /// <summary>
    /// Has the node that is asked leave and end with the exit code that its supervisor starts it again for.
    /// </summary>
    public Task<RestartReceipt> RestartAsync(CancellationToken cancellationToken) =>
        SendAsync(Request(HttpMethod.Post, AdminPaths.Restart), AdminJson.Default.RestartReceipt, cancellationToken);

    /// <summary>The layout that the nodes agree on, and how far its changes have come.</summary>
    public Task<LayoutReport> GetLayoutAsync(CancellationToken cancellationToken) =>
        SendAsync(Request(HttpMethod.Get, AdminPaths.Layout), AdminJson.Default.LayoutReport, cancellationToken);

    /// <summary>What a change of the layout would move where.</summary>
    public Task<LayoutPlanReport> PlanLayoutAsync(LayoutChangeRequest change, CancellationToken cancellationToken) =>
        SendAsync(Request(AdminPaths.LayoutPlan, change), AdminJson.Default.LayoutPlanReport, cancellationToken);

    /// <summary>Has the nodes carry a change of the layout out.</summary>
    public Task<LayoutPlanReport> ApplyLayoutAsync(LayoutChangeRequest change, CancellationToken cancellationToken) =>
        SendAsync(Request(AdminPaths.LayoutApply, change), AdminJson.Default.LayoutPlanReport, cancellationToken);

    /// <summary>Has the nodes begin no more moves.</summary>
    public Task<LayoutReport> StopLayoutAsync(CancellationToken cancellationToken) =>
        SendAsync(Request(HttpMethod.Post, AdminPaths.LayoutStop), AdminJson.Default.LayoutReport, cancellationToken);

    /// <summary>Has the nodes go on with moves.</summary>
    public Task<LayoutReport> ResumeLayoutAsync(CancellationToken cancellationToken) =>
        SendAsync(Request(HttpMethod.Post, AdminPaths.LayoutResume), AdminJson.Default.LayoutReport, cancellationToken);

    /// <summary>Whether the node wants requests, and why not.</summary>
    public async Task<ReadinessReport> GetReadinessAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.SendUnsignedAsync("/health/ready", cancellationToken);
        return await ReadAsync(response, AdminJson.Default.ReadinessReport, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(S3Request request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(request, cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(
        HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        try
        {
            return await JsonSerializer.DeserializeAsync(body, type, cancellationToken)
                ?? throw new HttpRequestException("The answer is empty.");
        }
        catch (JsonException failure)
        {
            throw new HttpRequestException("The answer is not one of the admin API.", failure);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(S3Request request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw AdminException.From(response, await response.Content.ReadAsStringAsync(cancellationToken));
        }
    }

    private static S3Request Request(HttpMethod method, string path) => Request(method, path, default);

    private static S3Request Request(string path, LayoutChangeRequest change) => Request(
        HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(change, AdminJson.Default.LayoutChangeRequest));

    // The first segment stands where a bucket's name does.
    private static S3Request Request(HttpMethod method, string path, ReadOnlyMemory<byte> body)
    {
        string[] parts = (AdminPaths.Root + path).Split('/', 3);
        return new S3Request(method, parts[1], parts[2]) { Body = body };
    }
}
