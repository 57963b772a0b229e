using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace Cairn.UnitTests.Tidy;

/// <summary>Projects are built, run and layered, or they rot.</summary>
public sealed class ProjectTests
{
    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = Repository.Read("Cairn.slnx");
        TidyAssert.None(Repository.Files(".csproj")
            .Where(path => !solution.Contains($"\"{path}\"", StringComparison.Ordinal))
            .Select(path => $"{path} is not in Cairn.slnx"));
    }

    /// <summary>A test project that nobody runs passes forever.</summary>
    [Fact]
    public void Every_test_project_is_run_with_a_minimum_count()
    {
        string script = Repository.Read("test.sh");
        TidyAssert.None(Repository.Files("Tests.csproj")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(project => !Regex.IsMatch(script, $@"\b{Regex.Escape(project)} +[1-9][0-9]*\b"))
            .Select(project => $"{project} is not in test.sh with the least number of tests it must run"));
    }

    [Fact]
    public void Every_product_project_declares_its_layer() => TidyAssert.None(Repository.Files(".csproj")
        .Where(path => path.StartsWith("src/", StringComparison.Ordinal))
        .Where(path => !Repository.Read(path).Contains("<LayerMayReference>", StringComparison.Ordinal))
        .Select(path => $"{path} does not say what it may reference"));

    /// <summary>
    /// Copies a real project with the layering check into a scratch tree, adds a reference past its neighbour and
    /// runs the check. Not covered: that the compiler refuses transitive types; that is a build setting.
    /// </summary>
    [Fact]
    public async Task A_reference_past_the_neighbour_stops_the_build()
    {
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("cairn-layering-");
        try
        {
            string project = Path.Combine(scratch.FullName, "src", "Cairn.Api", "Cairn.Api.csproj");
            Directory.CreateDirectory(Path.GetDirectoryName(project)!);
            foreach (string file in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
            {
                File.Copy(Path.Combine(Repository.Root, file), Path.Combine(scratch.FullName, file));
            }

            string original = Repository.Read("src/Cairn.Api/Cairn.Api.csproj");
            await File.WriteAllTextAsync(project, original, TestContext.Current.CancellationToken);
            Assert.DoesNotContain("LAYER001", await CheckLayeringAsync(project), StringComparison.Ordinal);

            const string Objects = "<ProjectReference Include=\"../Cairn.Objects/Cairn.Objects.csproj\" />";
            Assert.Contains(Objects, original, StringComparison.Ordinal);
            string forbidden = original.Replace(
                Objects, Objects + Objects.Replace("Objects", "Drives", StringComparison.Ordinal), StringComparison.Ordinal);
            await File.WriteAllTextAsync(project, forbidden, TestContext.Current.CancellationToken);
            Assert.Contains(
                "LAYER001: Cairn.Api may not reference Drives", await CheckLayeringAsync(project), StringComparison.Ordinal);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static async Task<string> CheckLayeringAsync(string project)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", project, "-t:CheckLayering", "-nologo", "-v:quiet"])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output;
    }
}
