using System.CommandLine;
using Cairn.Client.Admin;
using Cairn.Client.S3;

namespace Cairn.Cli.Commands.Admin;

/// <summary>Runs an admin command against the endpoint that the command line names.</summary>
/// <remarks>Failure: what the server refuses is a Failure, no answer is Unavailable, both with one line on standard error.</remarks>
internal static class AdminAction
{
    /// <summary>Gives a command its endpoint options and its action.</summary>
    /// <param name="command">The command.</param>
    /// <param name="name">For messages, such as "admin status".</param>
    /// <param name="action">Returns the exit code.</param>
    public static void Set(
        Command command, string name, Func<ParseResult, S3ClientOptions, CancellationToken, Task<int>> action)
    {
        var endpoint = new EndpointOptions("Any node of the cluster.");
        foreach (Option option in endpoint.Options)
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var problems = new List<string>();
            S3ClientOptions target = endpoint.Read(parsed, Environment.GetEnvironmentVariable, problems);
            if (target.AccessKey.Length == 0 || target.SecretKey.Length == 0)
            {
                problems.Add("--access-key, --secret-key: accepted: the root credential, best in the environment");
            }

            foreach (string problem in problems)
            {
                await Console.Error.WriteLineAsync($"cairn {name}: {problem}");
            }

            return problems.Count > 0 ? ExitCodes.Usage : await RunAsync(parsed, name, target, action, cancellationToken);
        });
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        string name,
        S3ClientOptions target,
        Func<ParseResult, S3ClientOptions, CancellationToken, Task<int>> action,
        CancellationToken cancellationToken)
    {
        try
        {
            return await action(parsed, target, cancellationToken);
        }
        catch (AdminException failure)
        {
            await Console.Error.WriteLineAsync($"cairn {name}: {target.Endpoint}: {failure.Message}");
            return ExitCodes.Failure;
        }
        catch (HttpRequestException failure)
        {
            await Console.Error.WriteLineAsync($"cairn {name}: {target.Endpoint}: {failure.Message}");
            return ExitCodes.Unavailable;
        }
    }
}
