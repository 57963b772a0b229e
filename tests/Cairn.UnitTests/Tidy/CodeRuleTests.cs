using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Cairn.UnitTests.Tidy;

/// <summary>Constructs that hide something from the reader.</summary>
public sealed partial class CodeRuleTests
{
    [Fact]
    public void There_are_no_regions() => TidyAssert.None(
        from file in Repository.Sources
        from trivia in file.Syntax.DescendantTrivia()
        where trivia.IsKind(SyntaxKind.RegionDirectiveTrivia)
        select $"{file.At(trivia.SpanStart)} has a #region: split the type instead");

    /// <summary>A catch handles a named outcome. One without statements must name the exception and say why.</summary>
    [Fact]
    public void There_are_no_empty_catches() => TidyAssert.None(
        from file in Repository.Sources
        from clause in file.Syntax.DescendantNodes().OfType<CatchClauseSyntax>()
        where clause.Block.Statements.Count == 0
        where clause.Declaration is null || !clause.Block.DescendantTrivia().Any(IsComment)
        select $"{file.At(clause)} has an empty catch");

    [Fact]
    public void Suppressed_warnings_are_justified() => TidyAssert.None(
        (from file in Repository.Sources
         from trivia in file.Syntax.DescendantTrivia()
         where trivia.IsKind(SyntaxKind.PragmaWarningDirectiveTrivia)
         let pragma = (PragmaWarningDirectiveTriviaSyntax)trivia.GetStructure()!
         where pragma.DisableOrRestoreKeyword.IsKind(SyntaxKind.DisableKeyword)
         where !pragma.DescendantTrivia().Any(IsComment) && !IsBelowComment(file, trivia)
         select $"{file.At(trivia.SpanStart)} disables a warning without a reason")
        .Concat(
            from file in Repository.Sources
            from attribute in file.Syntax.DescendantNodes().OfType<AttributeSyntax>()
            where attribute.Name.ToString() is "SuppressMessage" or "UnconditionalSuppressMessage"
            where attribute.ArgumentList?.Arguments.Any(a => a.NameEquals?.Name.Identifier.Text == "Justification") != true
            select $"{file.At(attribute)} suppresses a message without a Justification"));

    /// <summary>TODO(#123): consequence if not done. Anything else is a wish nobody will find again.</summary>
    [Fact]
    public void Open_points_name_their_issue() => TidyAssert.None(
        from file in Repository.Sources
        from trivia in file.Syntax.DescendantTrivia(descendIntoTrivia: false)
        where IsComment(trivia) || trivia.HasStructure
        let text = trivia.ToFullString()
        where OpenPoint().IsMatch(text)
        select $"{file.At(trivia.SpanStart)}: write TODO(#issue): what happens if it is not done");

    /// <summary>A stub that throws looks like a feature to every reader of the signature.</summary>
    [Fact]
    public void The_product_has_no_unimplemented_members() => TidyAssert.None(
        from file in Repository.ProductSources
        from node in file.Syntax.DescendantNodes().OfType<ObjectCreationExpressionSyntax>()
        where node.Type.ToString().EndsWith("NotImplementedException", StringComparison.Ordinal)
        select $"{file.At(node)} throws NotImplementedException");

    [Fact]
    public void Only_tests_see_the_internals_of_a_product_project() => TidyAssert.None(
        from path in Repository.Files(".csproj")
        where path.StartsWith("src/", StringComparison.Ordinal)
        from Match match in FriendAssembly().Matches(Repository.Read(path))
        let friend = match.Groups[1].Value
        where !Repository.Exists($"tests/{friend}/{friend}.csproj")
        select $"{path} opens its internals to {friend}");

    [Fact]
    public void Text_files_end_lines_the_same_way() => TidyAssert.None(
        from path in Repository.Files(".cs", ".csproj", ".props", ".targets", ".md", ".sh", ".slnx", ".txt")
        let text = Repository.Read(path)
        where text.Contains('\r') || (text.Length > 0 && !text.EndsWith('\n'))
        select $"{path} has carriage returns or no line break at its end");

    private static bool IsComment(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia);

    private static bool IsBelowComment(SourceFile file, SyntaxTrivia trivia)
    {
        string[] before = file.Text[..trivia.SpanStart].TrimEnd().Split('\n');
        return before[^1].TrimStart().StartsWith("//", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\b(FIXME|HACK|XXX)\b|\bTODO\b(?!\(#\d+\): \S)")]
    private static partial Regex OpenPoint();

    [GeneratedRegex("<InternalsVisibleTo Include=\"([^\"]+)\"")]
    private static partial Regex FriendAssembly();
}
