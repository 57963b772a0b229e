namespace Cairn.Api.S3.Conditions;

/// <summary>The entity tags of a condition: quoted or not, weak or not, several, or the star.</summary>
internal static class ETagList
{
    /// <summary>The tags without quotes; the star stays a star.</summary>
    public static List<string> Parse(string header)
    {
        var tags = new List<string>(1);
        foreach (string item in header.Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string tag = item.StartsWith("W/", StringComparison.Ordinal) ? item[2..] : item;
            tags.Add(tag.Trim('"'));
        }

        return tags;
    }

    /// <summary>Whether one of the tags is the given one, or the star.</summary>
    public static bool Matches(string header, string etag)
    {
        foreach (string tag in Parse(header))
        {
            if (tag == "*" || tag == etag)
            {
                return true;
            }
        }

        return false;
    }
}
