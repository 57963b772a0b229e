namespace Cairn.Testing.Histories;

/// <summary>A recorded call; its end says what the client learned.</summary>
internal sealed class PendingOperation(ObjectHistory history, string name, long start, ObjectStep step)
{
    private long _end = Operation<KeyState>.Never;
    private ObjectStep _step = step;
    private string _learned = "";

    /// <summary>Its effect, or what it saw, as far as is known.</summary>
    public ObjectStep Step => _step;

    public long Start => start;

    public long End => _end;

    /// <summary>It surely had no effect and saw nothing: not part of the history.</summary>
    public bool IsVoid { get; private set; }

    /// <summary>Nobody was told how it ended.</summary>
    public bool IsUnknown => !IsVoid && _end == Operation<KeyState>.Never;

    /// <summary>Its client was told that it took effect, or what it saw.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>It took effect as asked.</summary>
    public void Succeed()
    {
        _learned = ": done";
        IsAnswered = true;
        EndAt(history.Tick());
    }

    /// <summary>It took effect, and the answer says more about how; or it had none, and the answer shows the state.</summary>
    public void Succeed(ObjectStep learned, string saw)
    {
        _step = learned;
        _learned = ": " + saw;
        IsAnswered = true;
        EndAt(history.Tick());
    }

    /// <summary>Nobody answered, but by this tick somebody has seen that it took effect, so.</summary>
    public void HasHappened(ObjectStep learned, long end)
    {
        _step = learned;
        EndAt(end);
    }

    /// <summary>It surely did and will do nothing.</summary>
    public void Fail()
    {
        IsVoid = true;
        history.OnEvent?.Invoke(name + ": surely nothing");
    }

    /// <summary>It may take effect at any time, or never. The same as not ending at all; said for the reader.</summary>
    public void LeaveUnknown() => _end = Operation<KeyState>.Never;

    public void EndAt(long end)
    {
        _end = end;
        history.OnEvent?.Invoke(name + _learned);
    }

    public Operation<KeyState> ToOperation() => new(name + _learned, start, _end, _step);
}
