namespace Cairn.SystemTests.BadInput;

/// <summary>A body that claims a length and breaks off before it, as a client does that loses its disk or its life.</summary>
internal sealed class FailingStream(byte[] content, int failAt) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => content.Length;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (Position + count > failAt)
        {
            throw new IOException("The source of the body failed.");
        }

        content.AsSpan((int)Position, count).CopyTo(buffer.AsSpan(offset));
        Position += count;
        return count;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
