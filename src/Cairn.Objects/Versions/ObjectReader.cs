using System.IO.Pipelines;
using Cairn.Objects.Data;

namespace Cairn.Objects.Versions;

/// <summary>One version, open for reading. Its bytes stay readable when the version is replaced meanwhile.</summary>
/// <remarks>
/// Failure: a read that cannot be served from any k shards throws DataUnavailableException after the bytes before it;
/// wrong bytes are never written.
/// </remarks>
public sealed class ObjectReader : IAsyncDisposable
{
    private readonly ObjectDataReader? _data;

    internal ObjectReader(ObjectDescription description, IReadOnlyList<ObjectPart> parts, ObjectDataReader? data)
    {
        Description = description;
        Parts = parts;
        _data = data;
    }

    public ObjectDescription Description { get; }

    /// <summary>The parts of a multipart object, in order; empty for a single put.</summary>
    public IReadOnlyList<ObjectPart> Parts { get; }

    /// <summary>Writes a range of the object's bytes; flushes as it goes, and waits for a slow reader.</summary>
    /// <param name="destination">Not completed by this call.</param>
    /// <param name="offset">0..Size.</param>
    /// <param name="length">Bytes; offset + length &lt;= Size.</param>
    /// <param name="cancellationToken">Some bytes may have been written.</param>
    public ValueTask CopyToAsync(
        PipeWriter destination, long offset, long length, CancellationToken cancellationToken) =>
        length == 0 || _data is null
            ? ValueTask.CompletedTask
            : _data.CopyToAsync(destination, offset, length, cancellationToken);

    public ValueTask DisposeAsync() => _data?.DisposeAsync() ?? ValueTask.CompletedTask;
}
