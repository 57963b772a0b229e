using System.Globalization;

namespace Cairn.Benchmarks.Listing;

/// <summary>What the listing area is run with.</summary>
internal sealed record ListingSettings
{
    public const string Usage = "listing [--keys N] [--drives N] [--folders N] [--folder PATH] [--seconds N]";

    public int Keys { get; private init; } = 100_000;

    public int Drives { get; private init; } = 4;

    /// <summary>Common prefixes that the keys are spread over.</summary>
    public int Folders { get; private init; } = 1_000;

    /// <summary>Where the drives are; a filled store is kept and used again. Null: a temporary folder.</summary>
    public string? Folder { get; private init; }

    public TimeSpan Time { get; private init; } = TimeSpan.FromSeconds(5);

    public static ListingSettings Parse(string[] args)
    {
        var settings = new ListingSettings();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            settings = args[i] switch
            {
                "--keys" => settings with { Keys = Number(args[i + 1]) },
                "--drives" => settings with { Drives = Number(args[i + 1]) },
                "--folders" => settings with { Folders = Number(args[i + 1]) },
                "--folder" => settings with { Folder = args[i + 1] },
                "--seconds" => settings with { Time = TimeSpan.FromSeconds(Number(args[i + 1])) },
                _ => throw new ArgumentException($"Unknown option {args[i]}. Usage: {Usage}"),
            };
        }

        return settings;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
