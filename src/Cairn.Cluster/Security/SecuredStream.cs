namespace Cairn.Cluster.Security;

/// <summary>A stream between two nodes that know each other.</summary>
/// <param name="Stream">Where the bytes go.</param>
/// <param name="Outgoing">Seals frames; null when the stream itself protects them.</param>
/// <param name="Incoming">Opens frames; null when the stream itself protects them.</param>
internal sealed record SecuredStream(Stream Stream, FrameSeal? Outgoing, FrameSeal? Incoming);
