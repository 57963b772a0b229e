namespace Cairn.Client.S3.Wire;

/// <summary>What to do with the answer of a request.</summary>
public readonly ref struct Expectation
{
    /// <summary>Keep the body.</summary>
    public bool IsKept { get; init; }

    /// <summary>Keep the ETag.</summary>
    public bool WantsTag { get; init; }

    /// <summary>What the body must be; empty: anything.</summary>
    public ReadOnlySpan<byte> Content { get; init; }
}
