using System.Globalization;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Cairn.UnitTests.Tidy;

/// <summary>Nothing grows past what one person can hold in mind. Line counts come from the syntax, not from guesses.</summary>
public sealed class SizeTests
{
    private const int MaxFileLines = 1_000;
    // The editor's guide stands at 120; a sentence or a test row may run over by a word, not by a thought.
    private const int MaxLineLength = 140;
    private const int MaxMethodLines = 70;
    private const int MaxParameters = 6;
    private const int MaxServerLines = 3_000;

    [Fact]
    public void Files_stay_below_the_line_limit() => TidyAssert.None(
        Repository.Sources
            .Select(file => (file.Path, Lines: file.Text.Count(c => c == '\n')))
            .Where(file => file.Lines > MaxFileLines)
            .Select(file => $"{file.Path} has {file.Lines} lines; at most {MaxFileLines}"));

    [Fact]
    public void Lines_stay_below_the_length_limit() => TidyAssert.None(
        from file in Repository.Sources
        from line in file.Text.Split('\n').Index()
        where line.Item.Length > MaxLineLength
        select $"{file.Path}:{line.Index + 1} is {line.Item.Length} characters long; at most {MaxLineLength}");

    /// <summary>
    /// The ratchet: long-methods.txt names the methods that are over the limit with their length. A listed method may
    /// shrink (then the list must follow) and never grow; nothing new is added without a reason in the same change.
    /// </summary>
    [Fact]
    public void Methods_stay_short_or_shrink()
    {
        Dictionary<string, int> listed = Repository.Read("tests/Cairn.UnitTests/Tidy/long-methods.txt")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(' ', 3))
            .ToDictionary(parts => $"{parts[1]} {parts[2]}", parts => int.Parse(parts[0], CultureInfo.InvariantCulture));
        Dictionary<string, int> found = Repository.Sources
            .SelectMany(file => file.Syntax.DescendantNodes()
                .OfType<BaseMethodDeclarationSyntax>()
                .Select(method => (Name: $"{file.Path} {NameOf(method)}", Lines: SourceFile.CountLines(method))))
            .Where(method => method.Lines > MaxMethodLines)
            .GroupBy(method => method.Name)
            .ToDictionary(group => group.Key, group => group.Max(method => method.Lines));
        TidyAssert.None(
            found.Where(method => method.Value > listed.GetValueOrDefault(method.Key))
                .Select(method => $"{method.Key} has {method.Value} lines; at most {MaxMethodLines}")
                .Concat(listed.Where(method => found.GetValueOrDefault(method.Key) < method.Value)
                    .Select(method => $"{method.Key} shrank below {method.Value}: correct long-methods.txt")));
    }

    [Fact]
    public void Methods_take_few_parameters() => TidyAssert.None(
        from file in Repository.ProductSources
        from method in file.Syntax.DescendantNodes().OfType<MethodDeclarationSyntax>()
        where method.ParameterList.Parameters.Count > MaxParameters
        where !method.AttributeLists.Any(list => list.Attributes.Any(a => a.Name.ToString() == "LibraryImport"))
        select $"{file.At(method)} {method.Identifier} takes {method.ParameterList.Parameters.Count} parameters; "
            + $"at most {MaxParameters}, then a record");

    /// <summary>The host composes; what it is tempted to decide belongs to a layer below.</summary>
    [Fact]
    public void The_server_project_stays_small()
    {
        int lines = Repository.Sources
            .Where(file => file.Path.StartsWith("src/Cairn.Server/", StringComparison.Ordinal))
            .Sum(file => file.Text.Count(c => c == '\n'));
        Assert.InRange(lines, 1, MaxServerLines);
    }

    private static string NameOf(BaseMethodDeclarationSyntax method)
    {
        string type = method.Ancestors().OfType<BaseTypeDeclarationSyntax>().First().Identifier.Text;
        return method is MethodDeclarationSyntax named ? $"{type}.{named.Identifier}" : $"{type}.{method.Kind()}";
    }
}
