using Cairn.Cluster.Agreement;
using Cairn.Cluster.Topology;
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

    private const int MaxNameBytes = 8192;
    private const int MaxBucketBytes = 255;

    public static Frame EncodeDescription(NodeDescription description)
    {
        Frame frame = Frame.Rent(FrameKind.Response);
        MessageWriter writer = new(frame);
        writer.Text(description.Name);
        writer.Count(description.Arguments.Endpoints.Count);
        foreach (string endpoint in description.Arguments.Endpoints)
        {
            writer.Text(endpoint);
        }

        writer.Count(description.Arguments.Settings.Count);
        foreach ((string name, string value) in description.Arguments.Settings)
        {
            writer.Text(name);
            writer.Text(value);
        }

        writer.Count(description.Drives.Count);
        foreach (DriveId drive in description.Drives)
        {
            writer.Uuid(drive.Value);
        }

        return frame;
    }

    /// <exception cref="MessageFormatException">Not a description.</exception>
    public static NodeDescription DecodeDescription(ReadOnlyMemory<byte> message)
    {
        MessageReader reader = new(message);
        string name = reader.Text(MaxNameBytes);
        string[] endpoints = new string[reader.Count(1)];
        for (int i = 0; i < endpoints.Length; i++)
        {
            endpoints[i] = reader.Text(MaxNameBytes);
        }

        KeyValuePair<string, string>[] settings = new KeyValuePair<string, string>[reader.Count(2)];
        for (int i = 0; i < settings.Length; i++)
        {
            settings[i] = new KeyValuePair<string, string>(reader.Text(MaxNameBytes), reader.Text(MaxNameBytes));
        }

        DriveId[] drives = new DriveId[reader.Count(16)];
        for (int i = 0; i < drives.Length; i++)
        {
            drives[i] = new DriveId(reader.Uuid());
        }

        reader.End();
        return new NodeDescription(name, new ClusterArguments(endpoints, settings), drives);
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
}
