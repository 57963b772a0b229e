using Cairn.Primitives.Ids;

namespace Cairn.Drives.Registers;

/// <summary>Asks for a run of registers in key order.</summary>
/// <remarks>
/// With a delimiter a drive does not return every register below a common prefix: it returns the first one below it
/// that has a live committed entry (and any earlier ones that have not), then seeks past the prefix. The returned
/// register is the evidence; the caller asks again, with From inside the prefix, when the evidence does not hold.
/// </remarks>
public sealed record ListRequest
{
    public required RegisterSpace Space { get; init; }

    public required BucketId Bucket { get; init; }

    /// <summary>Only names that start so.</summary>
    public ReadOnlyMemory<byte> Prefix { get; init; }

    /// <summary>First name to return (inclusive). Callers append a NUL to exclude a name itself.</summary>
    public ReadOnlyMemory<byte> From { get; init; }

    /// <summary>Rolls names up to the first occurrence of it behind the prefix. Empty: none.</summary>
    public ReadOnlyMemory<byte> Delimiter { get; init; }

    /// <summary>
    /// Also every committed noncurrent version and tombstone. A register with more versions than fit is continued by
    /// From = its name and OlderThan.
    /// </summary>
    public bool AllVersions { get; init; }

    /// <summary>With AllVersions: of the first register only versions with a lower birth.</summary>
    public Ballot? OlderThan { get; init; }

    /// <summary>
    /// A drive on which the bucket is not closed answers as one that does not vote: it may still accept what the
    /// listing did not see.
    /// </summary>
    public bool OnlyIfClosed { get; init; }

    /// <summary>Most entries to return, 1..10,000.</summary>
    public required int Limit { get; init; }
}
