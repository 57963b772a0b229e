using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clients;

/// <summary>Method: the commands of the README's first session, as they stand there, in a shell with a home of its own.</summary>
public sealed class ReadmeTests
{
    private const string AddressOfReadme = "127.0.0.1:9000";

    [Fact]
    public async Task First_session_does_what_it_says()
    {
        // Without a credential given to it the node generates one, which the session reads from the file.
        await using var node = await ProcessNode.StartNewAsync(new ProcessNodeOptions
        {
            Environment = new Dictionary<string, string> { ["CAIRN_ROOT_USER"] = "", ["CAIRN_ROOT_PASSWORD"] = "" },
        });
        using var home = new ScratchFolder();
        Directory.CreateSymbolicLink(home.Combine("data"), Path.GetDirectoryName(node.DriveFolders[0])!);
        Payload.WriteFile(home.Combine("Pictures", "cairn.jpg"), 1, 20_000);
        Payload.WriteFile(home.Combine("Documents", "notes", "one.txt"), 2, 300);
        var shell = new ForeignProgram("/bin/bash", home.Location, new Dictionary<string, string>
        {
            ["PATH"] = $"{Path.GetDirectoryName(UnstableClients.Rclone)}:/usr/bin:/bin",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
        });
        string session = ReadCommands("## First session").Replace(
            AddressOfReadme, $"127.0.0.1:{node.Port}", StringComparison.Ordinal);

        var result = (await shell.RunAsync(["-c", "shopt -s expand_aliases; set -e\n" + session])).EnsureSuccess();

        Assert.Contains(result.Lines, line => line.EndsWith("20000 cairn.jpg", StringComparison.Ordinal));
        Assert.Contains("0 differences found", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>The indented lines of a section.</summary>
    private static string ReadCommands(string heading)
    {
        var section = File.ReadLines(Path.Combine(RepositoryFolder.Root, "README.md"))
            .SkipWhile(line => line != heading)
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal));
        return string.Join('\n', section.Where(line => line.StartsWith("    ", StringComparison.Ordinal)));
    }
}
