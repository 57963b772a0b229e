using System.Text.RegularExpressions;
using Xunit;

namespace Cairn.UnitTests.Tidy;

/// <summary>Documents may not point at what is not there.</summary>
public sealed partial class DocumentTests
{
    /// <summary>
    /// Paths in backticks and relative links. Not checked: names with placeholders or wildcards, what a build makes,
    /// and the changelog, which speaks of the past.
    /// </summary>
    [Fact]
    public void Paths_in_documents_exist() => TidyAssert.None(
        from path in Repository.Files(".md")
        where path != "CHANGELOG.md"
        let text = Repository.Read(path)
        from mention in Mentions(path, text)
        where !Repository.Exists(mention)
        select $"{path} mentions {mention}");

    [Fact]
    public void Documents_named_in_code_exist() => TidyAssert.None(
        from file in Repository.Sources
        from Match match in DocumentPath().Matches(file.Text)
        where !Repository.Exists(match.Value)
        select $"{file.At(match.Index)} mentions {match.Value}");

    private static IEnumerable<string> Mentions(string document, string text)
    {
        foreach (Match match in BacktickedPath().Matches(text))
        {
            yield return match.Groups[1].Value;
        }

        foreach (Match match in RelativeLink().Matches(text))
        {
            yield return Path.GetRelativePath(
                Repository.Root,
                Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(document)!, match.Groups[1].Value)));
        }
    }

    [GeneratedRegex(@"`(?:\./)?((?:src|tests|docs|eng|deploy)/[\w./-]+|(?:run|test|build|bench)\.sh)[^`\n{*<]*`")]
    private static partial Regex BacktickedPath();

    [GeneratedRegex(@"\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex RelativeLink();

    [GeneratedRegex(@"\bdocs/[\w/-]+\.md\b")]
    private static partial Regex DocumentPath();
}
