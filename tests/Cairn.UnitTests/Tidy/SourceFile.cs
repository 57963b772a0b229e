using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Cairn.UnitTests.Tidy;

/// <summary>One C# file: its path from the root, its text and its syntax.</summary>
internal sealed record SourceFile(string Path, string Text, SyntaxTree Tree, CompilationUnitSyntax Syntax)
{
    /// <summary>Where something is, as editors understand it.</summary>
    public string At(SyntaxNode node) => At(node.SpanStart);

    public string At(int position) =>
        $"{Path}:{Tree.GetLineSpan(new Microsoft.CodeAnalysis.Text.TextSpan(position, 0)).StartLinePosition.Line + 1}";

    public static int CountLines(SyntaxNode node)
    {
        FileLinePositionSpan span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }
}
