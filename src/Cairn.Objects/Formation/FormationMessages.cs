using Cairn.Cluster.Agreement;
using Cairn.Cluster.Topology;
using Cairn.Cluster.Transport;
using Cairn.Objects.Rebalance;
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

    /// <summary>Nothing -> names of the nodes that vote on the layout.</summary>
    public const byte Voters = 4;

    /// <summary>Description of a node that would like to be part of the store -> nothing.</summary>
    public const byte Introduce = 5;

    /// <summary>The newest epoch that the caller knows -> how far the node has come with the layout.</summary>
    public const byte Standing = 6;

    private const int MaxNameBytes = 8192;
    private const int MaxBucketBytes = 255;

    public static Frame EncodeDescription(NodeDescription description)
    {
        Frame frame = Frame.Rent(FrameKind.Response);
        Write(new MessageWriter(frame), description);
        return frame;
    }

    public static Frame EncodeIntroduction(NodeDescription description)
    {
        Frame frame = Frame.To(ServiceNumbers.Layout, Introduce);
        Write(new MessageWriter(frame), description);
        return frame;
    }

    private static void Write(MessageWriter writer, NodeDescription description)
    {
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

    public static Frame EncodeVoters(IReadOnlyList<string> voters)
    {
        Frame frame = Frame.Rent(FrameKind.Response);
        MessageWriter writer = new(frame);
        writer.Count(voters.Count);
        foreach (string voter in voters)
        {
            writer.Text(voter);
        }

        return frame;
    }

    /// <exception cref="MessageFormatException">Not names.</exception>
    public static IReadOnlyList<string> DecodeVoters(ReadOnlyMemory<byte> message)
    {
        MessageReader reader = new(message);
        string[] voters = new string[reader.Count(1)];
        for (int i = 0; i < voters.Length; i++)
        {
            voters[i] = reader.Text(MaxNameBytes);
        }

        reader.End();
        return voters;
    }

    public static Frame EncodeStandingRequest(long epoch)
    {
        Frame frame = Frame.To(ServiceNumbers.Layout, Standing);
        new MessageWriter(frame).Count(epoch);
        return frame;
    }

    /// <exception cref="MessageFormatException">Not an epoch.</exception>
    public static long DecodeStandingRequest(ReadOnlyMemory<byte> message)
    {
        MessageReader reader = new(message);
        long epoch = reader.Size();
        reader.End();
        return epoch;
    }

    public static Frame EncodeStanding(NodeStanding standing)
    {
        Frame frame = Frame.Rent(FrameKind.Response);
        MessageWriter writer = new(frame);
        writer.Text(standing.Node);
        writer.Count(standing.Epoch);
        writer.Count(standing.Floor);
        writer.Count(standing.Progress.Positions);
        writer.Count(standing.Progress.Objects);
        writer.Count(standing.Progress.Bytes);
        writer.Count((long)standing.Progress.Elapsed.TotalMilliseconds);
        return frame;
    }

    /// <exception cref="MessageFormatException">Not a standing.</exception>
    public static NodeStanding DecodeStanding(ReadOnlyMemory<byte> message)
    {
        MessageReader reader = new(message);
        string node = reader.Text(MaxNameBytes);
        long epoch = reader.Size();
        long floor = reader.Size();
        MoveCounts progress = new(
            reader.Size(), reader.Size(), reader.Size(), TimeSpan.FromMilliseconds(reader.Size()));
        reader.End();
        return new NodeStanding(node, epoch, floor, progress);
    }

    private static Frame Put(Frame frame, byte[] bytes)
    {
        new MessageWriter(frame).Raw(bytes);
        return frame;
    }
}
