using System.Globalization;

namespace Cairn.Cluster.Topology;

/// <summary>Expands <c>{N...M}</c> ranges in arguments.</summary>
/// <remarks>
/// Purpose: the notation operators know. Decimal or hexadecimal, the first number below the last, leading zeros keep
/// the width, several ranges multiply with the leftmost varying fastest (so that a range of hosts to the left of a
/// range of drives spreads neighbours over hosts).
/// </remarks>
public static class RangePattern
{
    /// <summary>Expands one argument.</summary>
    /// <param name="pattern">A path or an address with any number of ranges.</param>
    /// <param name="limit">Of what it may stand for.</param>
    /// <param name="paths">What it stands for, in order.</param>
    /// <param name="problem">What is wrong with the pattern, as a sentence part.</param>
    public static bool TryExpand(string pattern, int limit, out IReadOnlyList<string> paths, out string problem)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        paths = [];
        if (!TrySplit(pattern, out List<string> literals, out List<IReadOnlyList<string>> ranges, out problem))
        {
            return false;
        }

        long total = 1;
        foreach (IReadOnlyList<string> range in ranges)
        {
            total *= range.Count;
            if (total > limit)
            {
                problem = $"stands for more than {limit} drives";
                return false;
            }
        }

        var expanded = new string[total];
        for (int number = 0; number < total; number++)
        {
            int rest = number;
            string path = literals[0];
            for (int i = 0; i < ranges.Count; i++)
            {
                path += ranges[i][rest % ranges[i].Count] + literals[i + 1];
                rest /= ranges[i].Count;
            }

            expanded[number] = path;
        }

        paths = expanded;
        return true;
    }

    private static bool TrySplit(
        string pattern, out List<string> literals, out List<IReadOnlyList<string>> ranges, out string problem)
    {
        literals = [];
        ranges = [];
        problem = "";
        int start = 0;
        while (true)
        {
            int open = pattern.IndexOf('{', start);
            int literalEnd = open < 0 ? pattern.Length : open;
            string literal = pattern[start..literalEnd];
            if (literal.Contains('}'))
            {
                problem = "has a '}' without its '{'";
                return false;
            }

            literals.Add(literal);
            if (open < 0)
            {
                return true;
            }

            int close = pattern.IndexOf('}', open);
            if (close < 0)
            {
                problem = "has a '{' without its '}'";
                return false;
            }

            if (!TryReadRange(pattern[(open + 1)..close], out IReadOnlyList<string> range, out problem))
            {
                return false;
            }

            ranges.Add(range);
            start = close + 1;
        }
    }

    private static bool TryReadRange(string text, out IReadOnlyList<string> range, out string problem)
    {
        range = [];
        problem = $"has {{{text}}}, which is not a range of two numbers such as {{1...4}} or {{0...f}}";
        string[] ends = text.Split("...");
        if (ends.Length != 2)
        {
            return false;
        }

        bool isDecimal = TryNumber(ends[0], NumberStyles.None, out int first)
            & TryNumber(ends[1], NumberStyles.None, out int last);
        if (!isDecimal
            && !(TryNumber(ends[0], NumberStyles.AllowHexSpecifier, out first)
                & TryNumber(ends[1], NumberStyles.AllowHexSpecifier, out last)))
        {
            return false;
        }

        if (first >= last)
        {
            problem = $"has {{{text}}}, whose first number is not below its last";
            return false;
        }

        if (last - first >= TopologyLimits.MaxRangeNumbers)
        {
            problem = $"has {{{text}}}, a range of more than {TopologyLimits.MaxRangeNumbers} numbers";
            return false;
        }

        bool isPadded = ends[0].Length > 1 && ends[0][0] == '0';
        int width = isPadded ? Math.Max(ends[0].Length, ends[1].Length) : 1;
        string letter = isDecimal ? "D" : text.Any(char.IsAsciiLetterUpper) ? "X" : "x";
        string format = letter + width.ToString(CultureInfo.InvariantCulture);
        range = [.. Enumerable.Range(first, last - first + 1)
            .Select(number => number.ToString(format, CultureInfo.InvariantCulture))];
        return true;
    }

    private static bool TryNumber(string text, NumberStyles style, out int number) =>
        int.TryParse(text, style, CultureInfo.InvariantCulture, out number) && number >= 0;
}
