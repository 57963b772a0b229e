namespace Cairn.Primitives.SigV4;

/// <summary>What signing a request gave.</summary>
/// <param name="Authorization">The value of the Authorization header.</param>
/// <param name="Chunks">Signs the chunks of a streamed body, if the payload hash announces one.</param>
public readonly record struct SignedRequest(string Authorization, SigV4ChunkChain Chunks);
