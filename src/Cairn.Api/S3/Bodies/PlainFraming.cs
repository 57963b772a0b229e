using System.Buffers;
using System.IO.Pipelines;

namespace Cairn.Api.S3.Bodies;

/// <summary>A body that is nothing but payload.</summary>
internal sealed class PlainFraming(BodyPipe pipe) : IBodyFraming
{
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        ReadResult result = await pipe.ReadAsync(cancellationToken);
        ReadOnlySequence<byte> payload = result.Buffer;
        if (payload.Length > destination.Length)
        {
            payload = payload.Slice(0, destination.Length);
        }

        int size = (int)payload.Length;
        payload.CopyTo(destination.Span);
        pipe.AdvanceTo(payload.End, size);
        return size;
    }

    public string? FindTrailer(string name) => null;
}
