namespace Cairn.Drives.Registers;

/// <summary>Asks a drive to hold a value under the entry's ballot.</summary>
/// <param name="Key">The register.</param>
/// <param name="Entry">What to hold; IsCommitted is ignored, the ballot is the entry's.</param>
/// <param name="Inline">
/// This drive's shard of Entry.Data[0] when the data is small enough to live in the index; empty otherwise. The buffer
/// must stay unchanged until the call completes.
/// </param>
/// <param name="HasInline">Inline is meant even when it is empty.</param>
public sealed record AcceptRequest(
    RegisterKey Key, RegisterEntry Entry, ReadOnlyMemory<byte> Inline = default, bool HasInline = false);
