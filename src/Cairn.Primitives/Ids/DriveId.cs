namespace Cairn.Primitives.Ids;

/// <summary>A formatted drive, for ever: written at format time, never reused, independent of where it is mounted.</summary>
public readonly record struct DriveId(Guid Value)
{
    public static DriveId New(IEntropy entropy) => new(NewGuid(entropy));

    public override string ToString() => Value.ToString("N");

    internal static Guid NewGuid(IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[16];
        entropy.Fill(bytes);
        return new Guid(bytes);
    }
}
