using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Cairn.UnitTests.Tidy;

/// <summary>The repository's files, read once for all rules.</summary>
internal static class Repository
{
    private static readonly string[] SkippedFolders = ["artifacts", "data", "node_modules", "bin", "obj", ".git"];

    private static readonly Lazy<IReadOnlyList<SourceFile>> ParsedSources = new(ParseSources);

    public static string Root { get; } = FindRoot();

    /// <summary>Every C# file below src, tests and eng, parsed.</summary>
    public static IReadOnlyList<SourceFile> Sources => ParsedSources.Value;

    /// <summary>Paths of the product's C# files start with this.</summary>
    public static IEnumerable<SourceFile> ProductSources =>
        Sources.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal));

    /// <summary>All files with one of the endings, relative to the root, with forward slashes.</summary>
    public static IEnumerable<string> Files(params string[] endings) =>
        Walk(Root)
            .Select(path => Path.GetRelativePath(Root, path))
            .Where(path => endings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static bool Exists(string path) => Path.Exists(Path.Combine(Root, path));

    private static IEnumerable<string> Walk(string directory)
    {
        foreach (string file in Directory.EnumerateFiles(directory))
        {
            yield return file;
        }

        foreach (string folder in Directory.EnumerateDirectories(directory))
        {
            if (SkippedFolders.Contains(Path.GetFileName(folder)))
            {
                continue;
            }

            foreach (string file in Walk(folder))
            {
                yield return file;
            }
        }
    }

    private static List<SourceFile> ParseSources() =>
    [
        .. Files(".cs").Select(path =>
        {
            string text = Read(path);
            SyntaxTree tree = CSharpSyntaxTree.ParseText(text, path: path);
            return new SourceFile(path, text, tree, (Microsoft.CodeAnalysis.CSharp.Syntax.CompilationUnitSyntax)tree.GetRoot());
        }),
    ];

    // The test runs from a folder below the root; a compiled-in path would be wrong for deterministic builds.
    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Cairn.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The tests run outside the repository.");
    }
}
