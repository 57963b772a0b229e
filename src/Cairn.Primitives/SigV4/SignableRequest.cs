namespace Cairn.Primitives.SigV4;

/// <summary>A request as it will stand on the wire, to be signed.</summary>
public readonly ref struct SignableRequest
{
    /// <summary>GET, PUT, ...</summary>
    public required string Method { get; init; }

    /// <summary>Percent-encoded path, from the first slash to the question mark.</summary>
    public required ReadOnlySpan<char> Path { get; init; }

    /// <summary>Percent-encoded query without the question mark; may be empty.</summary>
    public ReadOnlySpan<char> Query { get; init; }

    /// <summary>
    /// Headers to sign, in any order and case, each name once: host, and every x-amz-* header that is sent (x-amz-date
    /// and x-amz-content-sha256 among them, except when presigning).
    /// </summary>
    public required ReadOnlySpan<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The literal value of x-amz-content-sha256.</summary>
    public required string PayloadHash { get; init; }
}
