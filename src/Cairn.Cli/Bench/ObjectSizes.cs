using System.Globalization;
using Cairn.Cli.Output;

namespace Cairn.Cli.Bench;

/// <summary>One object size, or several by weight, such as 4KiB:80,1MiB:20.</summary>
internal sealed class ObjectSizes
{
    public const string Accepted = "a size such as 4KiB, or sizes by weight such as 4KiB:80,1MiB:20";

    private readonly int[] _sizes;
    private readonly int[] _upTo;
    private readonly string _text;

    private ObjectSizes(int[] sizes, int[] upTo, string text)
    {
        _sizes = sizes;
        _upTo = upTo;
        _text = text;
    }

    public int Largest => _sizes.Max();

    /// <summary>Bytes, by weight.</summary>
    public long Average
    {
        get
        {
            long sum = 0;
            for (int i = 0; i < _sizes.Length; i++)
            {
                sum += (long)_sizes[i] * (_upTo[i] - (i == 0 ? 0 : _upTo[i - 1]));
            }

            return sum / _upTo[^1];
        }
    }

    public static bool TryParse(string text, out ObjectSizes? sizes)
    {
        sizes = null;
        var read = new List<int>();
        var upTo = new List<int>();
        int sum = 0;
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split(':');
            int weight = 1;
            if (pair.Length > 2
                || !ByteSize.TryParse(pair[0], out long size)
                || size > BenchLimits.MaxObjectBytes
                || (pair.Length == 2
                    && !int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out weight))
                || weight is 0 or > 1_000_000)
            {
                return false;
            }

            sum += weight;
            read.Add((int)size);
            upTo.Add(sum);
        }

        sizes = new ObjectSizes([.. read], [.. upTo], text);
        return true;
    }

    /// <summary>
    /// The size of the object with a number: always the same, so that a reader knows what to expect without being told.
    /// </summary>
    public int SizeOf(long number)
    {
        if (_sizes.Length == 1)
        {
            return _sizes[0];
        }

        // A multiplicative hash: neighbours in number must not be neighbours in size.
        uint at = (uint)(((ulong)number * 0x9E3779B97F4A7C15) >> 33) % (uint)_upTo[^1];
        int index = 0;
        while (_upTo[index] <= at)
        {
            index++;
        }

        return _sizes[index];
    }

    public override string ToString() => _text;
}
