using System.Globalization;

namespace Cairn.Benchmarks.Http;

/// <summary>How long and where to measure.</summary>
internal sealed record HttpSettings
{
    /// <summary>Alternations between the two sides; the medians are reported.</summary>
    public int Runs { get; init; } = 5;

    /// <summary>Measured time of one run.</summary>
    public int Seconds { get; init; } = 5;

    /// <summary>Keys of the rows that need many.</summary>
    public int Keys { get; init; } = 1_000_000;

    /// <summary>Where nodes on a real device keep their data.</summary>
    public string DriveRoot { get; init; } = Path.Combine(RepositoryRoot.Find(), "artifacts", "bench");

    public string? JsonPath { get; init; }

    /// <summary>Null when an option is not understood.</summary>
    public static HttpSettings? Parse(string[] args, out List<string> rows)
    {
        rows = [];
        var settings = new HttpSettings();
        for (int i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith('-'))
            {
                rows.Add(args[i]);
                continue;
            }

            string? value = i + 1 < args.Length ? args[i + 1] : null;
            int number = int.TryParse(value, CultureInfo.InvariantCulture, out int parsed) && parsed > 0 ? parsed : 0;
            HttpSettings? next = (args[i++], value, number) switch
            {
                ("--runs", _, > 0) => settings with { Runs = number },
                ("--seconds", _, > 0) => settings with { Seconds = number },
                ("--keys", _, > 0) => settings with { Keys = number },
                ("--drives", not null, _) => settings with { DriveRoot = Path.GetFullPath(value) },
                ("--json", not null, _) => settings with { JsonPath = Path.GetFullPath(value) },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            settings = next;
        }

        return settings;
    }
}
