using Cairn.Api.S3.Routing;
using Xunit;

namespace Cairn.UnitTests.Api;

/// <summary>Method: the page's tables of operations against the operation table.</summary>
public sealed class CompatibilityPageTests
{
    [Fact]
    public void Page_lists_every_operation_in_the_right_table()
    {
        string[] lines = File.ReadAllLines(Path.Combine(FindRoot(), "docs", "reference", "s3-compatibility.md"));
        string[] built = [.. Names(lines, columns: 3)];
        string[] missing = [.. Names(lines, columns: 2)];
        Assert.Equal(Names(isBuilt: true), built);
        Assert.Equal(Names(isBuilt: false), missing.Where(name => OperationTable.Rows.Any(row => row.Name == name)));
    }

    private static IEnumerable<string> Names(bool isBuilt) => OperationTable.Rows
        .Where(row => row.Handler is not null == isBuilt)
        .Select(row => row.Name)
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Names(string[] lines, int columns) => lines
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Count(c => c == '|') == columns + 1)
        .Where(line => line.Contains(" | `", StringComparison.Ordinal) && line.Contains('/', StringComparison.Ordinal))
        .Select(line => line.Split('|')[1].Trim())
        .Where(name => !name.Contains(' ', StringComparison.Ordinal));

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Cairn.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
