using System.CommandLine;
using System.Text;
using Cairn.Api.S3.Routing;
using Cairn.Cli;
using Cairn.Server.Commands;
using Cairn.Server.Options;
using Cairn.UnitTests.Tidy;
using Xunit;

namespace Cairn.UnitTests.Server;

/// <summary>
/// The reference pages are made from the tables and commands they describe. With CAIRN_UPDATE_DOCS set the pages are
/// written; otherwise they are compared.
/// </summary>
public sealed class ReferencePageTests
{
    [Fact]
    public void The_configuration_page_shows_every_setting()
    {
        var page = new StringBuilder();
        page.Append("# Configuration of a node\n\n");
        page.Append("Made from `src/Cairn.Server/Options/ServerSettings.cs`; do not edit.\n\n");
        page.Append("A flag wins over the environment. In the environment the first name that is set counts; an empty\n");
        page.Append("variable is as good as none. All problems of a configuration are reported at once, and the node does\n");
        page.Append("not start.\n");
        foreach (Setting setting in ServerSettings.All)
        {
            string title = setting.IsPositional || setting.IsSecret ? setting.EnvironmentName : setting.Flag;
            page.Append(null, $"\n## `{title}`\n\n{setting.Description}\n\n");
            IEnumerable<string> names = setting.Aliases.Prepend(setting.EnvironmentName);
            page.Append(null, $"- Environment: {string.Join(", ", names.Select(name => $"`{name}`"))}\n");
            if (setting.IsSecret)
            {
                page.Append("- In a file: each name with `_FILE` behind it names a file that holds the value\n");
                page.Append("- No flag: every process on the machine can read a command line\n");
            }

            page.Append(null, $"- Accepted: {setting.Accepted}\n");
            page.Append(null, $"- Default: {(setting.Default is null ? "none" : $"`{setting.Default}`")}\n");
        }

        Compare("docs/reference/configuration.md", page.ToString());
    }

    [Fact]
    public void The_command_line_page_shows_every_command()
    {
        RootCommand root = CairnCommandLine.BuildRoot([ServerCommand.Build(), InspectCommand.Build(), CertsCommand.Build()]);
        var page = new StringBuilder("# Command line\n\nMade from the commands' own help; do not edit.\n");
        AppendHelp(page, root, []);
        foreach (Command command in root.Subcommands)
        {
            AppendHelp(page, root, [command.Name]);
            foreach (Command inner in command.Subcommands)
            {
                AppendHelp(page, root, [command.Name, inner.Name]);
            }
        }

        page.Append("\n## Exit codes\n\n");
        foreach (System.Reflection.FieldInfo code in typeof(ExitCodes).GetFields())
        {
            page.Append(null, $"- {code.GetRawConstantValue()}: {code.Name}\n");
        }

        Compare("docs/reference/cli.md", page.ToString());
    }

    [Fact]
    public void The_feature_page_shows_every_operation()
    {
        const string Path = "docs/feature-status.md";
        const string Start = "<!-- operations: made by ReferencePageTests -->\n";
        const string End = "<!-- end of operations -->\n";
        string page = Repository.Read(Path);
        int start = page.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        OperationRow[] rows = [.. ServiceOperations.Rows, .. BucketOperations.Rows, .. ObjectOperations.Rows];
        var table = new StringBuilder("\n| operation | there |\n|---|---|\n");
        foreach (OperationRow row in rows.OrderBy(row => row.Handler is null).ThenBy(row => row.Name, StringComparer.Ordinal))
        {
            table.Append(null, $"| {row.Name} | {(row.Handler is null ? "no" : "yes")} |\n");
        }

        Compare(Path, $"{page[..start]}{table}\n{page[end..]}");
    }

    private static void AppendHelp(StringBuilder page, RootCommand root, string[] command)
    {
        using var output = new StringWriter();
        root.Parse([.. command, "--help"]).Invoke(new InvocationConfiguration { Output = output });
        string text = string.Join('\n', output.ToString().Split('\n').Select(line => line.TrimEnd())).Trim();

        // The parser names the program after the running executable, which is a test here.
        text = text.Replace(RootCommand.ExecutableName, "cairn", StringComparison.Ordinal);
        page.Append(null, $"\n## `cairn{string.Concat(command.Select(word => " " + word))}`\n\n```text\n{text}\n```\n");
    }

    private static void Compare(string path, string expected)
    {
        if (Environment.GetEnvironmentVariable("CAIRN_UPDATE_DOCS") is { Length: > 0 })
        {
            File.WriteAllText(Path.Combine(Repository.Root, path), expected);
        }

        Assert.Equal(expected, Repository.Read(path));
    }
}
