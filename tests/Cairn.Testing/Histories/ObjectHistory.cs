namespace Cairn.Testing.Histories;

/// <summary>Records what clients asked of keys and what they were told.</summary>
/// <remarks>
/// Invariants: the history's clock ticks at each call and each answer, so "before" is exact even where virtual time
/// stands still. What was begun and never ended counts as of unknown outcome.
/// Concurrency: one world.
/// </remarks>
internal sealed class ObjectHistory
{
    private readonly SortedDictionary<string, List<PendingOperation>> _keys = new(StringComparer.Ordinal);
    private long _clock;

    public int Count { get; private set; }

    /// <summary>Told what is called and answered, for a trace.</summary>
    public Action<string>? OnEvent { get; init; }

    public IEnumerable<string> Keys => _keys.Keys;

    /// <summary>The present, on the history's clock.</summary>
    public long Tick() => ++_clock;

    /// <summary>An operation is called. The step is its effect, should its outcome stay unknown.</summary>
    public PendingOperation Begin(string key, string name, ObjectStep step)
    {
        var operation = new PendingOperation(this, name, Tick(), step);
        OnEvent?.Invoke($"{key}: {name} ...");
        OperationsOf(key).Add(operation);
        Count++;
        return operation;
    }

    /// <summary>A page of a listing that covered the key showed these bytes for it (0: the key was not in it).</summary>
    public void Listed(string key, int content, long start, long end) =>
        Saw(key, $"listing shows content {content}", ObjectStep.ObserveContent(content), start, end);

    /// <summary>Between two ticks somebody saw this of a key.</summary>
    public void Saw(string key, string name, ObjectStep step, long start, long end)
    {
        var seen = new PendingOperation(this, name, start, step);
        seen.EndAt(end);
        OperationsOf(key).Add(seen);
        Count++;
    }

    public IEnumerable<Operation<KeyState>> Of(string key) => _keys.TryGetValue(key, out List<PendingOperation>? all)
        ? all.Where(o => !o.IsVoid).Select(o => o.ToOperation())
        : [];

    /// <summary>Checks every key; the first violation, or null.</summary>
    public string? FindViolation()
    {
        foreach (string key in _keys.Keys)
        {
            Verdict verdict = LinearizabilityChecker<KeyState>.Check(Of(key), KeyState.Empty);
            if (verdict.Outcome != VerdictOutcome.Linearizable)
            {
                return $"Key {key} is not linearizable ({verdict.Outcome}). {verdict.Explanation}";
            }
        }

        return null;
    }

    private List<PendingOperation> OperationsOf(string key)
    {
        if (!_keys.TryGetValue(key, out List<PendingOperation>? all))
        {
            _keys.Add(key, all = []);
        }

        return all;
    }
}
