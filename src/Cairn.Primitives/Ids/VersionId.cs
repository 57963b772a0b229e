using System.Globalization;

namespace Cairn.Primitives.Ids;

/// <summary>Names one version of a key. It is the ballot of the write that made it, or Null for the null version.</summary>
/// <remarks>
/// Being the birth ballot, a version id sorts versions by age and finds a version's row without a second index.
/// Clients see 32 lower-case hexadecimal digits, or the word null.
/// </remarks>
public readonly record struct VersionId(Ballot Birth)
{
    /// <summary>The version that S3 calls "null": the only one of an unversioned bucket.</summary>
    public static VersionId Null => default;

    public bool IsNull => Birth == Ballot.Zero;

    public static bool TryParse(ReadOnlySpan<char> text, out VersionId version)
    {
        version = default;
        if (text is "null")
        {
            return true;
        }

        if (text.Length != 32
            || !ulong.TryParse(text[..16], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong clock)
            || !ulong.TryParse(text[16..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong issuer))
        {
            return false;
        }

        version = new VersionId(new Ballot(clock, issuer));
        return !version.IsNull;
    }

    public override string ToString() => IsNull ? "null" : Birth.ToString();
}
