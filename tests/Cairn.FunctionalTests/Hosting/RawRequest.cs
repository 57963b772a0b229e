using System.Text;
using Cairn.Primitives.SigV4;

namespace Cairn.FunctionalTests.Hosting;

/// <summary>A request, byte by byte as a test wants it on the wire.</summary>
public sealed record RawRequest(string Method, string Path)
{
    /// <summary>Percent-encoded, without the question mark.</summary>
    public string Query { get; init; } = "";

    /// <summary>Sent and signed.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Sent and not signed.</summary>
    public IReadOnlyList<(string Name, string Value)> UnsignedHeaders { get; init; } = [];

    public byte[] Body { get; init; } = [];

    /// <summary>Null: the hash of the body.</summary>
    public string? PayloadHash { get; init; }

    /// <summary>Null: the real address.</summary>
    public string? Host { get; init; }

    /// <summary>Null: now.</summary>
    public DateTimeOffset? Time { get; init; }

    public bool IsSigned { get; init; } = true;

    /// <summary>Content-Length; null: the body's. Negative: no such header.</summary>
    public long? ContentLength { get; init; }

    public SigV4Signer? Signer { get; init; }

    public RawRequest WithText(string body) => this with { Body = Encoding.UTF8.GetBytes(body) };
}
