using Cairn.Primitives.Checksums.Lanes;

namespace Cairn.Primitives.Checksums;

/// <summary>MD5 of several independent messages at once.</summary>
/// <remarks>
/// Purpose: one message cannot use more than a small part of a core, because each step needs the one before; with
/// sixteen messages in the lanes of vector registers the same core hashes many times as many bytes.
/// Concurrency: no shared state; a message must not take part in two calls at a time, nor twice in one.
/// No allocation; nothing is retained.
/// </remarks>
public static unsafe class Md5Lanes
{
    // Bounds the stack: jobs, padding and one frame per pinned piece.
    private const int GroupSize = 32;

    /// <summary>How many messages this processor hashes in the time of one.</summary>
    public static int LaneCount => Md5Kernel.Widest.LaneCount;

    /// <summary>Appends to each of the <paramref name="messages"/> the piece at the same place. Pieces may have any
    /// lengths; equal ones use the lanes best.</summary>
    public static void Append(ReadOnlySpan<Md5> messages, ReadOnlySpan<ReadOnlyMemory<byte>> pieces) =>
        Append(Md5Kernel.Widest, messages, pieces);

    /// <summary>Writes the digests of whole messages one after the other, 16 bytes each.</summary>
    public static void HashMany(ReadOnlySpan<ReadOnlyMemory<byte>> messages, Span<byte> digests) =>
        HashMany(Md5Kernel.Widest, messages, digests);

    internal static void Append(
        Md5Kernel kernel, ReadOnlySpan<Md5> messages, ReadOnlySpan<ReadOnlyMemory<byte>> pieces)
    {
        if (messages.Length != pieces.Length)
        {
            throw new ArgumentException($"{messages.Length} messages and {pieces.Length} pieces.", nameof(pieces));
        }

        for (; messages.Length > GroupSize; messages = messages[GroupSize..], pieces = pieces[GroupSize..])
        {
            AppendGroup(kernel, messages[..GroupSize], pieces[..GroupSize]);
        }

        AppendGroup(kernel, messages, pieces);
    }

    internal static void HashMany(Md5Kernel kernel, ReadOnlySpan<ReadOnlyMemory<byte>> messages, Span<byte> digests)
    {
        if (digests.Length < messages.Length * Md5State.DigestSize)
        {
            throw new ArgumentException("Every message needs room for 16 bytes.", nameof(digests));
        }

        for (; messages.Length > GroupSize; messages = messages[GroupSize..])
        {
            HashGroup(kernel, messages[..GroupSize], digests);
            digests = digests[(GroupSize * Md5State.DigestSize)..];
        }

        HashGroup(kernel, messages, digests);
    }

    private static void AppendGroup(
        Md5Kernel kernel, ReadOnlySpan<Md5> messages, ReadOnlySpan<ReadOnlyMemory<byte>> pieces)
    {
        Span<Md5Job> jobs = stackalloc Md5Job[messages.Length];
        Span<int> starts = stackalloc int[messages.Length];
        for (var index = 0; index < messages.Length; index++)
        {
            starts[index] = messages[index].FillPending(pieces[index].Span);
            jobs[index].State = messages[index].State;
        }

        PinAndRun(kernel, pieces, starts, jobs, 0);
        for (var index = 0; index < messages.Length; index++)
        {
            var rest = pieces[index].Span[starts[index]..];
            var wholeSize = Md5State.WholeBlocks(rest.Length);
            messages[index].State = jobs[index].State;
            messages[index].Advanced(wholeSize, rest[wholeSize..]);
        }
    }

    private static void HashGroup(
        Md5Kernel kernel, ReadOnlySpan<ReadOnlyMemory<byte>> messages, Span<byte> digests)
    {
        Span<Md5Job> jobs = stackalloc Md5Job[messages.Length];
        Span<int> starts = stackalloc int[messages.Length];
        starts.Clear();
        foreach (ref var job in jobs)
        {
            job.State = Md5State.Initial;
        }

        PinAndRun(kernel, messages, starts, jobs, 0);
        var paddings = stackalloc byte[messages.Length * 2 * Md5State.BlockSize];
        for (var index = 0; index < messages.Length; index++)
        {
            var message = messages[index].Span;
            var padding = paddings + index * 2 * Md5State.BlockSize;
            var size = Md5State.WritePadding(message[Md5State.WholeBlocks(message.Length)..], (ulong)message.Length,
                new Span<byte>(padding, 2 * Md5State.BlockSize));
            jobs[index].Blocks = padding;
            jobs[index].BlockCount = size / Md5State.BlockSize;
        }

        Md5LaneScheduler.Run(kernel, jobs);
        for (var index = 0; index < messages.Length; index++)
        {
            jobs[index].State.WriteDigest(digests[(index * Md5State.DigestSize)..]);
        }
    }

    // A stack frame pins each piece; a handle per piece would cost as much as hashing a small one.
    private static void PinAndRun(
        Md5Kernel kernel, ReadOnlySpan<ReadOnlyMemory<byte>> pieces, ReadOnlySpan<int> starts, Span<Md5Job> jobs,
        int index)
    {
        if (index == jobs.Length)
        {
            Md5LaneScheduler.Run(kernel, jobs);
            return;
        }

        var rest = pieces[index].Span[starts[index]..];
        fixed (byte* blocks = rest)
        {
            jobs[index].Blocks = blocks;
            jobs[index].BlockCount = rest.Length / Md5State.BlockSize;
            PinAndRun(kernel, pieces, starts, jobs, index + 1);
        }
    }
}
