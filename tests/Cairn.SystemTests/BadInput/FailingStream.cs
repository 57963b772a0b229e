namespace Cairn.SystemTests.BadInput;

/// <summary>A body that claims a length and breaks off before it, as a client does that loses its disk or its life.</summary>
internal sealed class FailingStream(byte[] content, int failAt) : MemoryStream(content, writable: false)
{
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (Position + buffer.Length > failAt)
        {
            throw new IOException("The source of the body failed.");
        }

        return base.Read(buffer);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer, offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));
}
