using System.CommandLine;
using Cairn.Cli;
using Cairn.Server.Lifecycle;
using Cairn.Server.Options;

namespace Cairn.Server.Commands;

/// <summary><c>cairn server</c>: reads and checks the options, then runs a node until it is told to stop.</summary>
internal static class ServerCommand
{
    public static Command Build()
    {
        var command = new CommandWithExamples(
            "server",
            "Runs a node on local drives.",
            [
                new("Four drives, two of which may be lost", "cairn server /mnt/drive{1...4}"),
                new("Write-ahead logs on a faster device", "cairn server --wal-dir /nvme/wal /mnt/drive{01...12}"),
                new("Listen on one address only", "cairn server --address 127.0.0.1:9000 /srv/cairn/drive{1...4}"),
                new("4+2 instead of 3+3", "cairn server --storage-class-standard EC:2 /mnt/drive{1...6}"),
                new(
                    "bucket.s3.example.com besides s3.example.com/bucket",
                    "cairn server --domain s3.example.com --certs-dir /etc/cairn/certs /mnt/drive{1...4}"),
            ])
        {
            Notes = """
                Every option can be set in the environment: --wal-dir is CAIRN_WAL_DIR. A flag wins.

                The root credential comes from CAIRN_ROOT_USER and CAIRN_ROOT_PASSWORD, or from the files that
                CAIRN_ROOT_USER_FILE and CAIRN_ROOT_PASSWORD_FILE name. Without them the first start generates one,
                shows it once and keeps it in the credentials file.

                SIGTERM or Ctrl+C lets requests in flight finish; a second one ends the node at once.
                """,
        };
        var drives = new Argument<string[]>("drives")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = $"{ServerSettings.Drives.Description} Environment: {ServerSettings.Drives.EnvironmentName}.",
        };
        command.Add(drives);
        Dictionary<Setting, Option<string?>> flags = ServerSettings.All
            .Where(setting => !setting.IsPositional && !setting.IsSecret)
            .ToDictionary(setting => setting, BuildOption);
        foreach (Option<string?> option in flags.Values)
        {
            command.Add(option);
        }

        command.SetAction((parsed, _) => RunAsync(ServerOptions.Read(
            parsed.GetValue(drives) ?? [],
            setting => parsed.GetValue(flags[setting]),
            Environment.GetEnvironmentVariable)));
        return command;
    }

    private static Option<string?> BuildOption(Setting setting) => new(setting.Flag)
    {
        HelpName = setting.ValueName,
        Description = setting.Default is null ? setting.Description : $"{setting.Description} Default: {setting.Default}.",
    };

    private static async Task<int> RunAsync(ServerOptions options)
    {
        IReadOnlyList<string> problems = ServerOptionsValidator.Validate(options, out ServerModel? model);
        if (model is null)
        {
            foreach (string problem in problems)
            {
                await Console.Error.WriteLineAsync($"cairn server: {problem}");
            }

            return ExitCodes.Usage;
        }

        return await NodeProcess.RunAsync(model);
    }
}
