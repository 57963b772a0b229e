using System.Buffers;
using System.IO.Pipelines;
using Cairn.Objects;
using Cairn.Objects.Versions;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>Reads an object through a pipe, as a request handler does, and compares it with what was written.</summary>
internal sealed class ObjectComparison(World world, SimRandom random, Contents contents)
{
    public async Task<(ObjectError Error, Content? Content)> ReadAsync(ObjectStore store, string bucket, string key)
    {
        ObjectResult<ObjectReader> opened = await store.OpenAsync(bucket, key, null, CancellationToken.None);
        if (!opened.IsOk)
        {
            return (opened.Error, null);
        }

        await using ObjectReader reader = opened.Value;
        Content content = contents.Find(reader.Description.ETag)
            ?? throw world.Fail($"{key} has an ETag that nobody wrote: {reader.Description.ETag}.");
        await CompareAsync(key, reader, content, 0, content.Bytes.Length);
        return (ObjectError.None, content);
    }

    /// <exception cref="Cairn.Objects.Data.DataUnavailableException">As the reader throws it; what came before was right.</exception>
    public async Task CompareAsync(string key, ObjectReader reader, Content content, int offset, int length)
    {
        var pipe = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: true));
        Task<byte[]> received = DrainAsync(pipe.Reader);
        bool isServed = false;
        try
        {
            await reader.CopyToAsync(pipe.Writer, offset, length, CancellationToken.None);
            isServed = true;
        }
        finally
        {
            await pipe.Writer.CompleteAsync();
            byte[] bytes = await received;
            int expected = isServed ? length : Math.Min(length, bytes.Length);
            if (!bytes.AsSpan().SequenceEqual(content.Bytes.AsSpan(offset, expected)))
            {
                world.Fail($"Wrong bytes: {key}, content {content.Id}, {length} bytes from {offset}.");
            }
        }
    }

    private async Task<byte[]> DrainAsync(PipeReader reader)
    {
        var received = new ArrayBufferWriter<byte>();
        while (true)
        {
            ReadResult read = await reader.ReadAsync();
            foreach (ReadOnlyMemory<byte> segment in read.Buffer)
            {
                received.Write(segment.Span);
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                await reader.CompleteAsync();
                return received.WrittenSpan.ToArray();
            }

            if (random.Chance(0.1))
            {
                await world.DelayAsync(random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(50)));
            }
        }
    }
}
