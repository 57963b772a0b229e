using System.Buffers.Binary;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Agreement;

/// <summary>Between the messages and states of an agreement and their bytes (docs/formats/layout.md).</summary>
/// <remarks>
/// Layout, big endian: version (1 byte), then of a state: promised, accepted (16 each), document; of a reply: vote
/// (1), state; of a request: deployment (16), ballot (16), has document (1), document. A document: deployment (16),
/// version (8), length (4), bytes.
/// </remarks>
public static class AgreementCodec
{
    /// <summary>Bytes of a document; a layout of 1,000 drives takes a tenth of it.</summary>
    public const int MaxDocument = 1 << 20;

    private const byte FormatVersion = 1;
    private const int IdSize = 16;
    private const int DocumentHeader = IdSize + sizeof(long) + sizeof(int);

    public static byte[] Encode(AcceptorState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        byte[] bytes = new byte[1 + StateSize(state)];
        bytes[0] = FormatVersion;
        Write(state, bytes.AsSpan(1));
        return bytes;
    }

    public static byte[] Encode(AgreementReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        byte[] bytes = new byte[2 + StateSize(reply.State)];
        bytes[0] = FormatVersion;
        bytes[1] = (byte)reply.Vote;
        Write(reply.State, bytes.AsSpan(2));
        return bytes;
    }

    public static byte[] Encode(AgreementRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        int size = request.Document is { } document ? DocumentHeader + document.Content.Length : 0;
        byte[] bytes = new byte[2 + IdSize + Ballot.Size + size];
        bytes[0] = FormatVersion;
        Write(request.Deployment, bytes.AsSpan(1));
        request.Ballot.Write(bytes.AsSpan(1 + IdSize));
        if (request.Document is not null)
        {
            bytes[1 + IdSize + Ballot.Size] = 1;
            Write(request.Document, bytes.AsSpan(2 + IdSize + Ballot.Size));
        }

        return bytes;
    }

    /// <exception cref="InvalidDataException">Not a state, or of a newer format.</exception>
    public static AcceptorState DecodeState(ReadOnlySpan<byte> bytes) => ReadState(Body(bytes));

    /// <exception cref="InvalidDataException">Not a reply, or of a newer format.</exception>
    public static AgreementReply DecodeReply(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> body = Body(bytes);
        AcceptorVote vote = (AcceptorVote)Take(ref body, 1)[0];
        return vote <= AcceptorVote.Stranger ? new AgreementReply(vote, ReadState(body)) : throw Damaged();
    }

    /// <exception cref="InvalidDataException">Not a request, or of a newer format.</exception>
    public static AgreementRequest DecodeRequest(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> body = Body(bytes);
        DeploymentId deployment = ReadId(ref body);
        Ballot ballot = Ballot.Read(Take(ref body, Ballot.Size));
        bool hasDocument = ReadFlag(Take(ref body, 1));
        return hasDocument || body.IsEmpty
            ? new AgreementRequest(deployment, ballot, hasDocument ? ReadDocument(body) : null)
            : throw Damaged();
    }

    private static int StateSize(AcceptorState state) =>
        (2 * Ballot.Size) + DocumentHeader + state.Document.Content.Length;

    private static void Write(AcceptorState state, Span<byte> destination)
    {
        state.Promised.Write(destination);
        state.Accepted.Write(destination[Ballot.Size..]);
        Write(state.Document, destination[(2 * Ballot.Size)..]);
    }

    private static void Write(AgreedDocument document, Span<byte> destination)
    {
        Write(document.Deployment, destination);
        BinaryPrimitives.WriteInt64BigEndian(destination[IdSize..], document.Version);
        BinaryPrimitives.WriteInt32BigEndian(destination[(IdSize + sizeof(long))..], document.Content.Length);
        document.Content.Span.CopyTo(destination[DocumentHeader..]);
    }

    private static void Write(DeploymentId deployment, Span<byte> destination) =>
        deployment.Value.TryWriteBytes(destination, bigEndian: true, out _);

    private static DeploymentId ReadId(ref ReadOnlySpan<byte> body) =>
        new(new Guid(Take(ref body, IdSize), bigEndian: true));

    private static ReadOnlySpan<byte> Body(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? throw Damaged()
        : bytes[0] == FormatVersion ? bytes[1..]
        : throw new InvalidDataException(
            $"The agreement has format {bytes[0]} and this program knows up to {FormatVersion}. Update it.");

    private static AcceptorState ReadState(ReadOnlySpan<byte> body) => new(
        Ballot.Read(Take(ref body, Ballot.Size)), Ballot.Read(Take(ref body, Ballot.Size)), ReadDocument(body));

    private static AgreedDocument ReadDocument(ReadOnlySpan<byte> body)
    {
        DeploymentId deployment = ReadId(ref body);
        long version = BinaryPrimitives.ReadInt64BigEndian(Take(ref body, sizeof(long)));
        int length = BinaryPrimitives.ReadInt32BigEndian(Take(ref body, sizeof(int)));
        return version >= 0 && length == body.Length && length <= MaxDocument
            ? new AgreedDocument(deployment, version, body.ToArray())
            : throw Damaged();
    }

    private static bool ReadFlag(ReadOnlySpan<byte> flag) => flag[0] <= 1 ? flag[0] == 1 : throw Damaged();

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int count)
    {
        if (rest.Length < count)
        {
            throw Damaged();
        }

        ReadOnlySpan<byte> taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private static InvalidDataException Damaged() => new("The message or state of an agreement is damaged.");
}
