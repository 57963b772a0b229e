using System.IO.Pipelines;

namespace Cairn.Objects.Data;

/// <summary>Reads ranges over the pieces of one version: hedged, verified, reconstructed where shards are missing.</summary>
internal sealed class ObjectDataReader : IAsyncDisposable
{
    public ValueTask CopyToAsync(
        PipeWriter destination, long offset, long length, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
