using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Crash;

/// <summary>What one key may hold: nothing, or a body known by its hash and entity tag.</summary>
internal sealed record KeyState(string? Hash, string? ETag)
{
    public static KeyState Absent { get; } = new(null, null);

    public bool IsPresent => Hash is not null;

    public static KeyState OfBody(byte[] body, string? etag) => new(Payload.Hash(body), etag);

    /// <summary>The entity tag is left out of the comparison: the hash of the bytes is what counts.</summary>
    public bool Equals(KeyState? other) => other is not null && other.Hash == Hash;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Hash ?? "");

    public override string ToString() => Hash is null ? "absent" : Hash[..12];
}
