namespace Cairn.Cluster.Transport;

/// <summary>The first message of who connected.</summary>
/// <remarks>
/// It is read by releases of every version: fields are only ever appended, and what follows the known ones is skipped.
/// </remarks>
/// <param name="Sender">Who connects, and what it speaks.</param>
/// <param name="Lane">Which of the link's connections this is.</param>
/// <param name="Number">
/// Rises with each connection of the lane: the newest one fences all before it, so that nothing sent over an older one
/// begins any more.
/// </param>
internal sealed record Hello(NodeIdentity Sender, LinkLane Lane, ulong Number)
{
    private const int MaxNameBytes = 512;

    public Frame Encode()
    {
        Frame frame = Frame.Rent(FrameKind.Hello, 64);
        MessageWriter writer = new(frame);
        WriteSender(writer, Sender);
        writer.Byte((byte)Lane);
        writer.Number(Number);
        return frame;
    }

    /// <exception cref="MessageFormatException">Not a hello.</exception>
    public static Hello Decode(Frame frame)
    {
        MessageReader reader = Expect(frame, FrameKind.Hello);
        return new Hello(ReadSender(ref reader), (LinkLane)reader.Byte(), reader.Number());
    }

    /// <summary>The answer: the version to speak, and who answers.</summary>
    public static Frame EncodeWelcome(NodeIdentity sender, byte version)
    {
        Frame frame = Frame.Rent(FrameKind.Welcome, 64);
        MessageWriter writer = new(frame);
        WriteSender(writer, sender);
        writer.Byte(version);
        return frame;
    }

    /// <exception cref="MessageFormatException">Not a welcome.</exception>
    public static (NodeIdentity Sender, byte Version) DecodeWelcome(Frame frame)
    {
        MessageReader reader = Expect(frame, FrameKind.Welcome);
        return (ReadSender(ref reader), reader.Byte());
    }

    public static Frame EncodeRefusal(string reason)
    {
        Frame frame = Frame.Rent(FrameKind.Refusal, 256);
        new MessageWriter(frame).Text(reason);
        return frame;
    }

    public static string DecodeRefusal(Frame frame)
    {
        MessageReader reader = Expect(frame, FrameKind.Refusal);
        return reader.Text(4 * MaxNameBytes);
    }

    private static MessageReader Expect(Frame frame, FrameKind kind) => frame.Kind == kind
        ? new MessageReader(frame.Payload)
        : throw new MessageFormatException($"A frame of kind {(byte)frame.Kind} came instead of {kind}.");

    private static void WriteSender(MessageWriter writer, NodeIdentity sender)
    {
        writer.Byte(sender.Versions.Oldest);
        writer.Byte(sender.Versions.Newest);
        writer.Fixed64(sender.Instance);
        writer.Text(sender.Name);
    }

    private static NodeIdentity ReadSender(ref MessageReader reader)
    {
        ProtocolRange versions = new(reader.Byte(), reader.Byte());
        ulong instance = reader.Fixed64();
        return new NodeIdentity(reader.Text(MaxNameBytes), instance, versions);
    }
}
