using System.Globalization;
using Cairn.Testing.Histories;

namespace Cairn.SystemTests.Chaos;

/// <summary>The history of a run of real processes, written by many threads, with the faults beside the operations.</summary>
internal sealed class ChaosHistory
{
    // The checker recurses once per operation of a key.
    private const int CheckerStack = 256 << 20;

    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly ObjectHistory _history;

    public ChaosHistory() => _history = new ObjectHistory { OnEvent = Note };

    /// <summary>How often each operation ended how, and each fault was done.</summary>
    public string Summary
    {
        get
        {
            lock (_gate)
            {
                return string.Join(", ", _counts.Select(count => $"{count.Key} {count.Value}"));
            }
        }
    }

    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (_gate)
            {
                return [.. _history.Keys];
            }
        }
    }

    public long Tick() => Do(_history.Tick);

    public PendingOperation Begin(string key, string name, ObjectStep step) => Do(() => _history.Begin(key, name, step));

    /// <summary>An operation ended: says how.</summary>
    public void End(string outcome, Action end) => Do(() =>
    {
        Add(outcome);
        end();
        return 0;
    });

    public void Listed(string key, int content, long start, long end) => Do(() =>
    {
        _history.Listed(key, content, start, end);
        return 0;
    });

    public void Fault(string kind, string detail) => Do(() =>
    {
        Add("fault:" + kind);
        Note($"FAULT {kind} {detail}");
        return 0;
    });

    /// <summary>For whoever reads the history.</summary>
    public void Remark(string text) => Do(() =>
    {
        Note(text);
        return 0;
    });

    public int CountOf(string name)
    {
        lock (_gate)
        {
            return _counts.Where(count => count.Key.StartsWith(name, StringComparison.Ordinal)).Sum(count => count.Value);
        }
    }

    /// <summary>What no order explains; null when all answers fit.</summary>
    public string? FindViolation()
    {
        string? violation = null;
        var checker = new Thread(() => violation = _history.FindViolation(), CheckerStack);
        checker.Start();
        checker.Join();
        return violation;
    }

    public void Save(string path)
    {
        lock (_gate)
        {
            File.WriteAllLines(path, _lines);
        }
    }

    private void Add(string name) => _counts[name] = _counts.GetValueOrDefault(name) + 1;

    private void Note(string text) => _lines.Add(string.Create(
        CultureInfo.InvariantCulture, $"{_time.GetElapsedTime(_started).TotalSeconds,10:F3} {text}"));

    private T Do<T>(Func<T> action)
    {
        lock (_gate)
        {
            return action();
        }
    }
}
