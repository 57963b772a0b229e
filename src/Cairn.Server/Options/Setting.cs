namespace Cairn.Server.Options;

/// <summary>One thing a user can set: its flag, its environment names, its default and what it accepts.</summary>
/// <remarks>
/// Purpose: help texts, environment reading, validation messages and docs/reference/configuration.md come from these
/// rows, so that they cannot disagree.
/// </remarks>
/// <param name="Name">The name after CAIRN_ in the environment; the flag is the same in lower case with dashes.</param>
/// <param name="ValueName">What stands for the value in help texts.</param>
/// <param name="Description">One or two sentences for the user.</param>
/// <param name="Accepted">The accepted values, as they complete "accepted: ...".</param>
internal sealed record Setting(string Name, string ValueName, string Description, string Accepted)
{
    public const string Prefix = "CAIRN_";

    /// <summary>Null: required, or absent by default.</summary>
    public string? Default { get; init; }

    /// <summary>Full names of the same setting in other products, the first one that is set counts.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Secrets have no flag: every process on the machine can read a command line.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Drives are the command's arguments.</summary>
    public bool IsPositional { get; init; }

    public string EnvironmentName => Prefix + Name;

    public string Flag => "--" + Name.ToLowerInvariant().Replace('_', '-');

    /// <summary>How a message names the setting: both ways to set it.</summary>
    public string Key => IsSecret || IsPositional ? EnvironmentName : $"{Flag} ({EnvironmentName})";
}
