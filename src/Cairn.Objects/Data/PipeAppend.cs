using System.Buffers;

namespace Cairn.Objects.Data;

/// <summary>Appends bytes to a pipe in one run.</summary>
/// <remarks>
/// Purpose: asking for the length makes one segment of a chunk, where BuffersExtensions.Write takes whatever the pipe
/// offers unasked: many small segments, or nothing at all from a pool that takes "no size" for zero.
/// </remarks>
internal static class PipeAppend
{
    public static void Append(this IBufferWriter<byte> pipe, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(pipe.GetSpan(bytes.Length));
        pipe.Advance(bytes.Length);
    }
}
