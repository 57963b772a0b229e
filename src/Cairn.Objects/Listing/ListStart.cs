namespace Cairn.Objects.Listing;

/// <summary>Where a page of names begins, and which common prefix a name rolls up into.</summary>
internal static class ListStart
{
    /// <summary>The first name of a page that comes behind a key or a common prefix; null: nothing can.</summary>
    /// <param name="prefix">Of the listing.</param>
    /// <param name="delimiter">Empty: none.</param>
    /// <param name="after">Empty: from the beginning. Inside or equal to a common prefix: that prefix is behind us.</param>
    public static byte[]? Behind(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> delimiter, ReadOnlySpan<byte> after)
    {
        if (after.IsEmpty)
        {
            return [];
        }

        int rolled = CommonPrefixSize(prefix, delimiter, after);
        byte[]? from = rolled > 0 ? RegisterNames.Behind(after[..rolled]) : RegisterNames.After(after);
        return from is not null && from.AsSpan().SequenceCompareTo(prefix) < 0 ? [] : from;
    }

    /// <summary>Bytes of the common prefix that a name rolls up into; 0 when it stands for itself.</summary>
    public static int CommonPrefixSize(
        ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> delimiter, ReadOnlySpan<byte> name)
    {
        if (delimiter.IsEmpty || !name.StartsWith(prefix))
        {
            return 0;
        }

        int at = name[prefix.Length..].IndexOf(delimiter);
        return at < 0 ? 0 : prefix.Length + at + delimiter.Length;
    }
}
