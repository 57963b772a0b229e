namespace Cairn.Cluster.Membership.Messages;

/// <summary>Puts a message together: a header, then as many updates as a budget of bytes holds.</summary>
internal sealed class MessageBuilder
{
    private readonly byte[] _message = new byte[MembershipLimits.MaxMessageBytes];
    private readonly byte[] _update = new byte[UpdateCodec.MaxBytes];
    private int _length;

    /// <summary>Begins a message and forgets the one before.</summary>
    public void Begin(Message header)
    {
        var writer = new WireWriter(_message);
        MessageCodec.Write(ref writer, header);
        _length = writer.Length;
    }

    /// <summary>Appends an update if it fits.</summary>
    /// <param name="update">What is known of a member.</param>
    /// <param name="limitBytes">Of the whole message.</param>
    public bool TryAdd(MemberUpdate update, int limitBytes)
    {
        var writer = new WireWriter(_update);
        UpdateCodec.Write(ref writer, update);
        if (_length + writer.Length > limitBytes)
        {
            return false;
        }

        writer.Written.CopyTo(_message.AsSpan(_length));
        _length += writer.Length;
        return true;
    }

    /// <summary>The message, in memory of its own.</summary>
    public byte[] Detach() => _message.AsSpan(0, _length).ToArray();
}
