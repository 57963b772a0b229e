namespace Cairn.Client.S3;

/// <summary>An object being read. Disposing it before the end gives its connection up.</summary>
public sealed class S3Object : IDisposable
{
    private readonly HttpResponseMessage _response;

    internal S3Object(HttpResponseMessage response, Stream content)
    {
        _response = response;
        Content = content;
        Description = S3ObjectDescription.From(response);
    }

    public S3ObjectDescription Description { get; }

    /// <summary>The bytes, in order, once.</summary>
    public Stream Content { get; }

    public void Dispose()
    {
        Content.Dispose();
        _response.Dispose();
    }
}
