namespace Cairn.SystemTests.Crash;

/// <summary>The states one key may be in, given every answer so far.</summary>
/// <remarks>
/// <para>Invariants: never empty, in the order of the operations. One writer works on a key at a time, so an acknowledged
/// operation leaves exactly its own outcome, and an operation without an answer adds its outcome to what was possible
/// before.</para>
/// <para>What a read saw has happened, and so nothing before it comes back: a write must not show and vanish. What a read
/// did not see of an operation without an answer may still come: it can lie on drives that were not asked, until it is
/// settled there.</para>
/// <para>Not checked: the order of operations of different writers on one key; the simulator does that.</para>
/// </remarks>
internal sealed class KeyLedger(string key)
{
    private const int KeptEvents = 12;

    private readonly List<KeyState> _possible = [KeyState.Absent];
    private readonly Queue<string> _events = [];
    private bool _wasOverlooked;

    public string Key { get; } = key;

    /// <summary>The one possible state, or null while there is doubt.</summary>
    public KeyState? Known => _possible.Count == 1 ? _possible[0] : null;

    public bool IsPresent => _possible.TrueForAll(state => state.IsPresent);

    public bool MayBePresent => _possible.Exists(state => state.IsPresent);

    public void Acknowledge(KeyState outcome)
    {
        Note($"{outcome} acknowledged");
        _possible.Clear();
        _possible.Add(outcome);
        _wasOverlooked = false;
    }

    public void Doubt(KeyState outcome)
    {
        Note($"{outcome} in doubt");
        if (_possible[^1] != outcome)
        {
            _possible.Add(outcome);
        }
    }

    /// <returns>What an earlier read did not see has come since.</returns>
    /// <exception cref="CrashViolationException">What was read cannot be.</exception>
    public bool Observe(KeyState seen, string when)
    {
        Note($"{seen} read {when}");
        int index = _possible.IndexOf(seen);
        if (index < 0)
        {
            throw new CrashViolationException($"{when}: {Key} is {seen}, which cannot be: {this}");
        }

        bool hasCome = _wasOverlooked && index > 0;
        _possible.RemoveRange(0, index);
        _wasOverlooked = _possible.Count > 1;
        return hasCome;
    }

    /// <summary>What happened to it lately.</summary>
    public override string ToString() => $"{Key} ({string.Join(", ", _events)})";

    private void Note(string text)
    {
        _events.Enqueue(text);
        if (_events.Count > KeptEvents)
        {
            _events.Dequeue();
        }
    }
}
