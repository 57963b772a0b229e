namespace Cairn.Cluster.Transport;

/// <summary>The answer to a call. Whoever gets it disposes it, and keeps nothing of its payload.</summary>
public readonly struct CallReply : IDisposable, IEquatable<CallReply>
{
    private readonly Frame? _frame;

    private CallReply(CallStatus status, Frame? frame)
    {
        Status = status;
        _frame = frame;
    }

    public CallStatus Status { get; }

    public bool IsOk => Status == CallStatus.Ok;

    /// <summary>Empty unless the status is Ok.</summary>
    public ReadOnlyMemory<byte> Payload => _frame?.Payload ?? default;

    /// <summary>Takes the frame over; its payload is the answer.</summary>
    public static CallReply Of(Frame answer) => new(CallStatus.Ok, answer);

    /// <summary>No answer, and why.</summary>
    public static CallReply Of(CallStatus status) => new(status, null);

    /// <summary>The frame to send, which the caller owns from now on.</summary>
    internal Frame TakeFrame(ulong call)
    {
        Frame frame = _frame ?? Frame.Rent(FrameKind.Response);
        frame.Answer(call, Status);
        return frame;
    }

    public void Dispose() => _frame?.Dispose();

    public bool Equals(CallReply other) => Status == other.Status && ReferenceEquals(_frame, other._frame);

    public override bool Equals(object? obj) => obj is CallReply other && Equals(other);

    public override int GetHashCode() => (int)Status;

    public static bool operator ==(CallReply left, CallReply right) => left.Equals(right);

    public static bool operator !=(CallReply left, CallReply right) => !left.Equals(right);
}
