namespace Cairn.Drives.Records;

/// <summary>Arithmetic on keys in byte order.</summary>
internal static class KeyRange
{
    /// <summary>Above every key of the index.</summary>
    /// <remarks>Keys begin with a register space or a random id; none of them is made of 0xff bytes alone.</remarks>
    public static byte[] End { get; } = [.. Enumerable.Repeat((byte)0xff, 32)];

    /// <summary>The lowest key that does not start with the prefix but is above all that do.</summary>
    public static byte[] Successor(ReadOnlySpan<byte> prefix)
    {
        int length = prefix.Length;
        while (length > 0 && prefix[length - 1] == 0xff)
        {
            length--;
        }

        if (length == 0)
        {
            return End;
        }

        byte[] successor = prefix[..length].ToArray();
        successor[^1]++;
        return successor;
    }
}
