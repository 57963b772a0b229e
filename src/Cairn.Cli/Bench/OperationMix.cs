using System.Globalization;

namespace Cairn.Cli.Bench;

/// <summary>One operation, or several by weight, such as get=45,put=15,head=30,delete=10.</summary>
internal sealed class OperationMix
{
    public const string Accepted = "put, get, head, delete, list, mixed, or weights such as get=45,put=15,head=30,delete=10";

    /// <summary>The proportions of other S3 benchmarks' mixed mode, so that figures can be compared.</summary>
    private const string MixedWeights = "get=45,put=15,head=30,delete=10";

    private readonly (BenchOperation Operation, int UpTo)[] _steps;
    private readonly string _text;

    private OperationMix((BenchOperation Operation, int UpTo)[] steps, string text)
    {
        _steps = steps;
        _text = text;
    }

    /// <summary>Null when there are several.</summary>
    public BenchOperation? Single => _steps.Length == 1 ? _steps[0].Operation : null;

    /// <summary>Whether objects must be there before the first operation.</summary>
    public bool NeedsObjects => _steps.Any(step => step.Operation != BenchOperation.Put);

    public static bool TryParse(string text, out OperationMix? mix)
    {
        mix = null;
        string weights = text == "mixed" ? MixedWeights : text;
        var steps = new List<(BenchOperation, int)>();
        int sum = 0;
        foreach (string part in weights.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split('=');
            int weight = 1;
            if (pair.Length > 2
                || !TryParseOperation(pair[0], out BenchOperation operation)
                || steps.Any(step => step.Item1 == operation)
                || (pair.Length == 2
                    && !int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out weight))
                || weight is 0 or > 1_000_000)
            {
                return false;
            }

            sum += weight;
            steps.Add((operation, sum));
        }

        mix = new OperationMix([.. steps], text);
        return true;
    }

    public BenchOperation Pick(Random random)
    {
        if (_steps.Length == 1)
        {
            return _steps[0].Operation;
        }

        int at = random.Next(_steps[^1].UpTo);
        int index = 0;
        while (_steps[index].UpTo <= at)
        {
            index++;
        }

        return _steps[index].Operation;
    }

    public override string ToString() => _text;

    private static bool TryParseOperation(string text, out BenchOperation operation)
    {
        (operation, bool isKnown) = text switch
        {
            "put" => (BenchOperation.Put, true),
            "get" => (BenchOperation.Get, true),
            "head" => (BenchOperation.Head, true),
            "delete" => (BenchOperation.Delete, true),
            "list" => (BenchOperation.List, true),
            _ => (BenchOperation.Put, false),
        };
        return isKnown;
    }
}
