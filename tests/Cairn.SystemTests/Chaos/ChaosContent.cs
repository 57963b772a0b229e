namespace Cairn.SystemTests.Chaos;

/// <summary>Bytes that one write put, in the parts it put them in.</summary>
internal sealed record ChaosContent(int Id, IReadOnlyList<byte[]> Parts, string ETag)
{
    public byte[] Bytes => Parts.Count == 1 ? Parts[0] : [.. Parts.SelectMany(part => part)];
}
