using Cairn.Cluster.Agreement;
using Cairn.Cluster.Transport;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Formation;

/// <summary>The messages of ServiceNumbers.Layout. On the wire: never renumber.</summary>
internal static class FormationMessages
{
    /// <summary>Nothing -> description.</summary>
    public const byte Describe = 1;

    /// <summary>Agreement request -> agreement reply, both as AgreementCodec has them.</summary>
    public const byte Agree = 2;

    /// <summary>Name of a bucket -> nothing, once it is forgotten.</summary>
    public const byte ForgetBucket = 3;

    private const int MaxNames = 4096;
    private const int MaxNameBytes = 512;
    private const int MaxBucketBytes = 255;

    public static Frame EncodeDescription(NodeDescription description)
    {
        Frame frame = Frame.Rent(FrameKind.Response);
        MessageWriter writer = new(frame);
        writer.Count(description.Nodes.Count);
        foreach (string node in description.Nodes)
        {
            writer.Text(node);
        }

        writer.Count(description.Drives.Count);
        foreach (DriveId drive in description.Drives)
        {
            writer.Uuid(drive.Value);
        }

        WriteParity(writer, description.Parity.Standard);
        WriteParity(writer, description.Parity.Reduced);
        return frame;
    }

    /// <exception cref="MessageFormatException">Not a description.</exception>
    public static NodeDescription DecodeDescription(ReadOnlyMemory<byte> message)
    {
        MessageReader reader = new(message);
        string[] nodes = new string[Math.Min(reader.Count(1), MaxNames)];
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i] = reader.Text(MaxNameBytes);
        }

        DriveId[] drives = new DriveId[Math.Min(reader.Count(16), MaxNames)];
        for (int i = 0; i < drives.Length; i++)
        {
            drives[i] = new DriveId(reader.Uuid());
        }

        NodeDescription description = new(nodes, drives, (ReadParity(ref reader), ReadParity(ref reader)));
        reader.End();
        return description;
    }

    public static Frame EncodeRequest(AgreementRequest request) => Put(
        Frame.To(ServiceNumbers.Layout, Agree), AgreementCodec.Encode(request));

    public static Frame EncodeReply(AgreementReply reply) =>
        Put(Frame.Rent(FrameKind.Response), AgreementCodec.Encode(reply));

    public static Frame EncodeForget(string bucket)
    {
        Frame frame = Frame.To(ServiceNumbers.Layout, ForgetBucket);
        new MessageWriter(frame).Text(bucket);
        return frame;
    }

    /// <exception cref="MessageFormatException">Not the name of a bucket.</exception>
    public static string DecodeForget(ReadOnlyMemory<byte> message)
    {
        MessageReader reader = new(message);
        string bucket = reader.Text(MaxBucketBytes);
        reader.End();
        return bucket;
    }

    private static Frame Put(Frame frame, byte[] bytes)
    {
        new MessageWriter(frame).Raw(bytes);
        return frame;
    }

    // 0: not told.
    private static void WriteParity(MessageWriter writer, int? parity) => writer.Number(parity is { } told ? (ulong)told + 1 : 0);

    private static int? ReadParity(ref MessageReader reader)
    {
        int written = reader.Number32();
        return written == 0 ? null : written - 1;
    }
}
