using System.Text;
using Cairn.Cluster.Agreement;

namespace Cairn.Testing.Simulation.Agreement;

/// <summary>Checks that all documents that were ever told to be agreed are steps of one history.</summary>
internal sealed class AgreementHistory
{
    private readonly Dictionary<long, string> _told = [];
    private readonly List<string> _changed = [];
    private readonly List<string> _superseded = [];

    public void Observe(AgreedDocument document)
    {
        string content = Encoding.UTF8.GetString(document.Content.Span);
        if (_told.TryGetValue(document.Version, out string? told) && told != content)
        {
            throw new InvalidOperationException($"Version {document.Version} is '{told}' and '{content}'.");
        }

        _told[document.Version] = content;
    }

    public void Record(string name, ChangeResult result)
    {
        if (result.Outcome == ChangeOutcome.Unknown)
        {
            return;
        }

        Observe(result.Current);
        (result.Outcome == ChangeOutcome.Changed ? _changed : _superseded).Add(name);
    }

    public void CheckEnd(AgreedDocument last)
    {
        Observe(last);
        string end = Encoding.UTF8.GetString(last.Content.Span);
        foreach (string content in _told.Values)
        {
            Demand(end.StartsWith(content, StringComparison.Ordinal), $"'{content}' is no step to '{end}'.");
        }

        _changed.ForEach(name => Demand(end.Split(name).Length == 2, $"{name} was agreed and is not once in '{end}'."));
        _superseded.ForEach(name => Demand(!end.Contains(name, StringComparison.Ordinal), $"{name} was superseded and is in '{end}'."));
    }

    private static void Demand(bool holds, string otherwise) =>
        _ = holds ? true : throw new InvalidOperationException(otherwise);
}
