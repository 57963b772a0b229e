namespace Cairn.Objects;

/// <summary>Bytes that become an object or a part: from a request, or from another object.</summary>
/// <remarks>
/// The store calls ReadAsync until it answers 0, calls HashAsync once for each run of bytes in order (possibly on
/// another thread, overlapping the next read, never two at once), then FinishAsync. Any of them may throw the edge's own
/// exception: the store removes what it wrote, nothing becomes visible, and the exception passes through.
/// </remarks>
public interface IObjectBody
{
    /// <summary>Bytes to come, or null when not announced.</summary>
    long? Length { get; }

    /// <summary>Fills some of the buffer with payload (framing removed); 0 at the end.</summary>
    ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the next run of payload into the digests. CPU work: done on the caller's thread, or together with that of
    /// other bodies, for which it then waits.
    /// </summary>
    /// <param name="bytes">Must stay as they are until the task completes; not retained after that.</param>
    ValueTask HashAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Checks length, digests and trailers; throws when they do not hold.</summary>
    ValueTask<BodyDigest> FinishAsync(CancellationToken cancellationToken);
}
