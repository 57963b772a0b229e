using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership.Messages;

/// <summary>Updates to bytes and back; docs/formats/membership.md shows the layout.</summary>
internal static class UpdateCodec
{
    /// <summary>Bytes that the largest update takes.</summary>
    public const int MaxBytes =
        (2 * NodeId.Size) + 64 + (4 * (1 + MembershipLimits.MaxTextBytes))
        + (MembershipLimits.MaxAccusers * NodeId.Size) + MembershipLimits.MaxMetadataBytes;

    // About a century: what an honest sender never exceeds, and no arithmetic overflows.
    private const ulong MaxAgeSeconds = uint.MaxValue;

    public static void Write(ref WireWriter writer, MemberUpdate update)
    {
        MemberRecord record = update.Record;
        writer.Node(record.Id);
        writer.UInt64(record.Run);
        writer.Number(record.Incarnation);
        writer.Byte((byte)record.State);
        writer.Byte(record.Protocol);
        writer.Text(record.Address);
        writer.Text(record.PublicAddress);
        writer.Text(record.Zone);
        writer.Text(record.ProgramVersion);
        writer.Number((ulong)record.Metadata.Length);
        writer.Bytes(record.Metadata.Span);
        writer.Byte((byte)update.Liveness);
        writer.Number(Math.Min((ulong)update.Age.TotalSeconds, MaxAgeSeconds));
        writer.Byte((byte)update.Accusers.Count);
        foreach (NodeId accuser in update.Accusers)
        {
            writer.Node(accuser);
        }
    }

    /// <summary>Reads one; look at the reader's IsBroken before believing it.</summary>
    public static MemberUpdate Read(ref WireReader reader)
    {
        var record = new MemberRecord
        {
            Id = reader.Node(),
            Run = reader.UInt64(),
            Incarnation = reader.Number(MembershipLimits.MaxIncarnation),
            State = (NodeState)reader.Byte(),
            Protocol = reader.Byte(),
            Address = reader.Text(),
            PublicAddress = reader.Text(),
            Zone = reader.Text(),
            ProgramVersion = reader.Text(),
            Metadata = reader.Take((int)reader.Number(MembershipLimits.MaxMetadataBytes)).ToArray(),
        };
        var liveness = (Liveness)reader.Byte();
        TimeSpan age = TimeSpan.FromSeconds((long)reader.Number(MaxAgeSeconds));
        int accusers = reader.Byte();
        if (record.Id == default
            || record.Address.Length == 0
            || record.Incarnation == 0
            || record.Protocol < MessageCodec.OldestVersion
            || record.State is < NodeState.Starting or > NodeState.Leaving
            || liveness > Liveness.Failed
            || (liveness != Liveness.Alive && record.State == NodeState.Leaving)
            || accusers > MembershipLimits.MaxAccusers)
        {
            reader.Break();
            accusers = 0;
        }

        var names = new NodeId[accusers];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = reader.Node();
        }

        return new MemberUpdate(record, liveness, names, age);
    }
}
