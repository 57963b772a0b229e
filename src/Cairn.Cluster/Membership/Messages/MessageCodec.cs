using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership.Messages;

/// <summary>Messages to bytes and back; docs/formats/membership.md shows the layout.</summary>
/// <remarks>
/// Invariant: the encoding of a message is unique, and what decodes encodes to the same bytes. Rolling updates: a node
/// writes to each member in the highest format that both read, which the member's record tells.
/// </remarks>
internal static class MessageCodec
{
    /// <summary>The format that this program writes.</summary>
    public const byte Version = 1;

    /// <summary>The oldest format that this program reads.</summary>
    public const byte OldestVersion = 1;

    /// <summary>Bytes that the largest header takes.</summary>
    public const int MaxHeaderBytes = 128 + (4 * NodeId.Size) + (2 * (1 + MembershipLimits.MaxTextBytes));

    // The years 1 to 9999: a DateTimeOffset can hold them, and differences between them do not overflow.
    private const long EarliestMs = -62_135_596_800_000;
    private const long LatestMs = 253_402_300_799_999;

    public static void Write(ref WireWriter writer, Message message)
    {
        writer.Byte(Version);
        writer.Byte((byte)message.Kind);
        writer.Cluster(message.Cluster);
        writer.Node(message.Sender);
        writer.UInt64(message.Run);
        writer.Number(message.Incarnation);
        writer.Text(message.SenderAddress);
        writer.Node(message.Target);
        writer.Number(message.Sequence);
        writer.Int64(message.WallClockMs);
        if (message.Kind == MessageKind.PingRequest)
        {
            writer.Node(message.Subject);
            writer.Text(message.SubjectAddress);
        }
        else if (message.Kind == MessageKind.Sync)
        {
            writer.Byte(message.WantsReply ? (byte)1 : (byte)0);
        }
    }

    /// <summary>Reads a message whole, or refuses it whole.</summary>
    public static MessageRefusal Decode(ReadOnlySpan<byte> bytes, out Message message, out List<MemberUpdate> updates)
    {
        updates = [];
        message = null!;
        if (bytes.Length > MembershipLimits.MaxMessageBytes)
        {
            return MessageRefusal.Oversized;
        }

        var reader = new WireReader(bytes);
        byte version = reader.Byte();
        if (version is < OldestVersion or > Version)
        {
            return bytes.IsEmpty ? MessageRefusal.Malformed : MessageRefusal.Version;
        }

        message = ReadHeader(ref reader);
        while (!reader.IsAtEnd)
        {
            updates.Add(UpdateCodec.Read(ref reader));
        }

        return reader.IsBroken ? MessageRefusal.Malformed : MessageRefusal.None;
    }

    private static Message ReadHeader(ref WireReader reader)
    {
        var header = new Message
        {
            Kind = (MessageKind)reader.Byte(),
            Cluster = reader.Cluster(),
            Sender = reader.Node(),
            Run = reader.UInt64(),
            Incarnation = reader.Number(MembershipLimits.MaxIncarnation),
            SenderAddress = reader.Text(),
            Target = reader.Node(),
            Sequence = (uint)reader.Number(uint.MaxValue),
            WallClockMs = reader.Int64(),
        };
        if (header.Kind is < MessageKind.Ping or > MessageKind.Sync
            || header.Sender == default
            || header.Incarnation == 0
            || header.SenderAddress.Length == 0
            || header.WallClockMs is < EarliestMs or > LatestMs)
        {
            reader.Break();
        }
        else if (header.Kind == MessageKind.PingRequest)
        {
            header = header with { Subject = reader.Node(), SubjectAddress = reader.Text() };
            if (header.Subject == default || header.SubjectAddress.Length == 0)
            {
                reader.Break();
            }
        }
        else if (header.Kind == MessageKind.Sync)
        {
            byte flags = reader.Byte();
            header = header with { WantsReply = flags == 1 };
            if (flags > 1)
            {
                reader.Break();
            }
        }

        return header;
    }
}
