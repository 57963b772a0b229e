namespace Cairn.Server.Options;

/// <summary>What the user set, as text: flags first, then the environment, then the defaults.</summary>
/// <remarks>Invariant: every setting with a default has a value. Nothing is checked here; see ServerOptionsValidator.</remarks>
internal sealed class ServerOptions
{
    private readonly Dictionary<Setting, string> _values = [];

    private ServerOptions(IReadOnlyList<string> drives) => DrivePatterns = drives;

    public IReadOnlyList<string> DrivePatterns { get; }

    /// <summary>Secret files that could not be read, as sentences.</summary>
    public IReadOnlyList<string> Unreadable { get; private init; } = [];

    public string? this[Setting setting] => _values.GetValueOrDefault(setting);

    /// <summary>Reads all settings.</summary>
    /// <param name="drives">The positional arguments; when empty the environment decides.</param>
    /// <param name="flag">The value of a setting's flag, null when not given.</param>
    /// <param name="environment">Looks a variable up; null when not set.</param>
    public static ServerOptions Read(
        IReadOnlyList<string> drives, Func<Setting, string?> flag, Func<string, string?> environment)
    {
        if (drives.Count == 0 && FromEnvironment(ServerSettings.Drives, environment) is { } volumes)
        {
            drives = volumes.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        var unreadable = new List<string>();
        var options = new ServerOptions(drives) { Unreadable = unreadable };
        foreach (Setting setting in ServerSettings.All.Where(s => !s.IsPositional))
        {
            string? value = (setting.IsSecret ? null : flag(setting))
                ?? FromEnvironment(setting, environment)
                ?? (setting.IsSecret ? FromSecretFile(setting, environment, unreadable) : null)
                ?? setting.Default;
            if (value is not null)
            {
                options._values.Add(setting, value);
            }
        }

        return options;
    }

    // An empty variable counts as not set: compose files and unit files leave such lines behind.
    private static string? FromEnvironment(Setting setting, Func<string, string?> environment) =>
        Names(setting).Select(environment).FirstOrDefault(value => !string.IsNullOrEmpty(value));

    private static string? FromSecretFile(
        Setting setting, Func<string, string?> environment, List<string> unreadable)
    {
        foreach (string name in Names(setting).Select(n => n + "_FILE"))
        {
            if (environment(name) is not { Length: > 0 } path)
            {
                continue;
            }

            try
            {
                // Editors and secret stores end a file with a line break that is not part of the secret.
                return File.ReadAllText(path).TrimEnd('\r', '\n');
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                unreadable.Add($"{name}: cannot read {path} ({failure.Message}); accepted: a readable file");
            }
        }

        return null;
    }

    private static IEnumerable<string> Names(Setting setting) => setting.Aliases.Prepend(setting.EnvironmentName);
}
