namespace Cairn.Primitives.Ids;

/// <summary>One life of a bucket. A bucket that is deleted and made again gets a new id, so nothing old can show.</summary>
public readonly record struct BucketId(ulong Value)
{
    public override string ToString() => Value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
