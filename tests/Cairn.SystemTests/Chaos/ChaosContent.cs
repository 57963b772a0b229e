namespace Cairn.SystemTests.Chaos;

/// <summary>What to recognise the bytes of one write by; the bytes of half an hour would fill the memory.</summary>
internal sealed record ChaosContent(int Id, string ETag, string Hash, int Size);
