using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Cairn.UnitTests.Tidy;

/// <summary>Names that say nothing mean that the responsibility has not been found yet.</summary>
public sealed partial class NamingTests
{
    /// <summary>Words of the domain that end like a banned one. Each needs its reason.</summary>
    private static readonly string[] DomainNames =
    [
        "StagedData", // The bytes of an object that is not visible yet, in the glossary's sense of data.
    ];

    [Fact]
    public void Type_names_do_not_end_in_empty_words() => TidyAssert.None(
        from type in TopLevelTypes()
        where EmptyWord().IsMatch(type.Name) && !DomainNames.Contains(type.Name)
        select $"{type.File.At(type.Node)} {type.Name}: name what it is responsible for");

    /// <summary>
    /// One top-level type per file, named after it; a partial's concern may follow (Type.Concern.cs). A delegate is a
    /// signature and may stand above the type that uses it.
    /// </summary>
    [Fact]
    public void A_file_holds_one_type_and_carries_its_name() => TidyAssert.None(
        from file in Repository.Sources
        let types = TopLevelTypes(file).OfType<BaseTypeDeclarationSyntax>().Select(node => NameOf(node)).Distinct().ToArray()
        where types.Length > 0
        let expected = Path.GetFileName(file.Path).Split('.')[0]
        where types.Length > 1 || types[0] != expected
        select $"{file.Path} declares {string.Join(", ", types)}");

    [Fact]
    public void A_namespace_is_its_folder() => TidyAssert.None(
        from file in Repository.Sources
        from space in file.Syntax.Members.OfType<BaseNamespaceDeclarationSyntax>()
        let folder = Path.GetDirectoryName(file.Path)!.Split('/', 2)[1].Replace('/', '.')
        where space.Name.ToString() != folder
        select $"{file.Path} is in namespace {space.Name}, not {folder}");

    private static IEnumerable<(SourceFile File, MemberDeclarationSyntax Node, string Name)> TopLevelTypes() =>
        from file in Repository.Sources
        from node in file.Syntax.DescendantNodes().OfType<MemberDeclarationSyntax>()
        where node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
        select (file, node, NameOf(node));

    private static IEnumerable<MemberDeclarationSyntax> TopLevelTypes(SourceFile file) =>
        file.Syntax.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
            .Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    private static string NameOf(MemberDeclarationSyntax node) => node is DelegateDeclarationSyntax signature
        ? signature.Identifier.Text
        : ((BaseTypeDeclarationSyntax)node).Identifier.Text;

    [GeneratedRegex("(Manager|Helpers?|Utils?|Utilities|Processor|Data|Info|Base|Impl|Common)$|^(Error|Config|Context)$")]
    private static partial Regex EmptyWord();
}
