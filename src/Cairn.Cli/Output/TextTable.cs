namespace Cairn.Cli.Output;

/// <summary>Rows under headings, each column as wide as its widest text.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    /// <summary>Adds a row with a text for each heading.</summary>
    public void Add(params string[] row) => _rows.Add(row);

    public void Write(TextWriter output)
    {
        int[] widths = [.. headings.Select((_, column) => _rows.Max(row => row[column].Length))];
        foreach (string[] row in _rows)
        {
            output.WriteLine(string.Join("  ", row.Select((text, column) => text.PadRight(widths[column]))).TrimEnd());
        }
    }
}
