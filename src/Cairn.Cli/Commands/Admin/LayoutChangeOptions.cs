using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Cairn.Client.Admin;

namespace Cairn.Cli.Commands.Admin;

/// <summary>The options that say what is to be different in the layout.</summary>
internal sealed class LayoutChangeOptions
{
    private readonly Option<string[]> _add = List("--add", "node", "A node that waits to be taken in (layout show).");
    private readonly Option<string[]> _drain = List("--drain", "node or drive", "To be emptied and let go.");
    private readonly Option<string[]> _keep = List("--keep", "node or drive", "Was to be drained, and is to stay.");
    private readonly Option<string[]> _weight = List(
        "--weight", "node or drive=number", "Its share relative to others; 1 unless told.");
    private readonly Option<string[]> _zone = List(
        "--zone", "node=name", "What fails together with the node: copies are spread over zones.");
    private readonly Option<bool> _json = new("--json") { Description = "Write JSON as the admin API answers it." };

    public LayoutChangeOptions(Command command)
    {
        _weight.Validators.Add(option => Check(
            option, text => int.TryParse(text, CultureInfo.InvariantCulture, out int weight) && weight > 0));
        _zone.Validators.Add(option => Check(option, zone => zone.Length > 0));
        foreach (Option option in (Option[])[_add, _drain, _keep, _weight, _zone, _json])
        {
            command.Add(option);
        }
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public LayoutChangeRequest Read(ParseResult parsed) => new()
    {
        Add = parsed.GetValue(_add) ?? [],
        Drain = parsed.GetValue(_drain) ?? [],
        Keep = parsed.GetValue(_keep) ?? [],
        Weights = PairsOf(parsed.GetValue(_weight)).ToDictionary(
            pair => pair.Name, pair => int.Parse(pair.Value, CultureInfo.InvariantCulture), StringComparer.Ordinal),
        Zones = PairsOf(parsed.GetValue(_zone)).ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal),
    };

    private static IEnumerable<(string Name, string Value)> PairsOf(string[]? pairs) =>
        (pairs ?? []).Select(Split).DistinctBy(pair => pair.Name);

    private static (string Name, string Value) Split(string pair)
    {
        int sign = pair.LastIndexOf('=');
        return sign < 0 ? (pair, "") : (pair[..sign], pair[(sign + 1)..]);
    }

    private static void Check(OptionResult option, Func<string, bool> isValid)
    {
        foreach (Token token in option.Tokens)
        {
            (string name, string value) = Split(token.Value);
            if (name.Length == 0 || !isValid(value))
            {
                option.AddError($"{option.Option.Name}: '{token.Value}'; accepted: {option.Option.HelpName}");
            }
        }
    }

    private static Option<string[]> List(string name, string helpName, string description) => new(name)
    {
        HelpName = helpName,
        Description = description + " May be repeated.",
    };
}
