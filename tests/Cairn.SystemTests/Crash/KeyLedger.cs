namespace Cairn.SystemTests.Crash;

/// <summary>The states one key may be in, given every answer so far.</summary>
/// <remarks>
/// <para>Invariants: never empty. One writer works on a key at a time, so an acknowledged operation leaves exactly its
/// own outcome, and an operation without an answer adds its outcome to what was possible before.</para>
/// <para>A read settles the doubt for good: whatever it saw has to stay, for a write must not show and vanish. That
/// holds because the process that ran the doubtful operation is dead when the read is made.</para>
/// <para>Not checked: the order of operations of different writers on one key; the simulator does that.</para>
/// </remarks>
internal sealed class KeyLedger(string key)
{
    private readonly List<KeyState> _possible = [KeyState.Absent];

    public string Key { get; } = key;

    /// <summary>The one possible state, or null while there is doubt.</summary>
    public KeyState? Known => _possible.Count == 1 ? _possible[0] : null;

    public void Acknowledge(KeyState outcome)
    {
        _possible.Clear();
        _possible.Add(outcome);
    }

    public void Doubt(KeyState outcome)
    {
        if (!_possible.Contains(outcome))
        {
            _possible.Add(outcome);
        }
    }

    /// <exception cref="CrashViolationException">What was read cannot be.</exception>
    public void Observe(KeyState seen, string when)
    {
        int index = _possible.IndexOf(seen);
        if (index < 0)
        {
            throw new CrashViolationException(
                $"{when}: {Key} is {seen}, possible were: {string.Join(", ", _possible)}");
        }

        // Kept from the ledger, because it carries the entity tag of the write.
        KeyState kept = _possible[index];
        _possible.Clear();
        _possible.Add(kept);
    }
}
