using Cairn.Cluster.Agreement;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Cluster.Agreement;

// States are on drives and messages between versions of the program, so their bytes are pinned.
public sealed class AgreementCodecTests
{
    private static readonly DeploymentId Deployment = new(new Guid("00112233-4455-6677-8899-aabbccddeeff"));

    private static readonly AcceptorState State =
        new(new Ballot(0x0102030405060708, 9), new Ballot(5, 6), new AgreedDocument(Deployment, 7, "layout"u8.ToArray()));

    [Fact]
    public void Format_1_has_the_bytes_of_its_golden_files()
    {
        GoldenFile.Check("Cluster/Agreement/state.v1", AgreementCodec.Encode(State));
        GoldenFile.Check("Cluster/Agreement/reply.v1", AgreementCodec.Encode(new AgreementReply(AcceptorVote.Granted, State)));
        GoldenFile.Check("Cluster/Agreement/prepare.v1", AgreementCodec.Encode(new AgreementRequest(Deployment, State.Promised)));
        GoldenFile.Check(
            "Cluster/Agreement/accept.v1",
            AgreementCodec.Encode(new AgreementRequest(Deployment, State.Promised, State.Document)));
    }

    [Fact]
    public void Everything_comes_back_as_it_was()
    {
        Assert.Equal(State, AgreementCodec.DecodeState(AgreementCodec.Encode(State)));
        Assert.Equal(AcceptorState.Empty, AgreementCodec.DecodeState(AgreementCodec.Encode(AcceptorState.Empty)));
        foreach (AcceptorVote vote in Enum.GetValues<AcceptorVote>())
        {
            AgreementReply reply = new(vote, State);
            Assert.Equal(reply, AgreementCodec.DecodeReply(AgreementCodec.Encode(reply)));
        }

        foreach (AgreedDocument? document in (AgreedDocument?[])[null, State.Document, AgreedDocument.None])
        {
            AgreementRequest request = new(Deployment, State.Accepted, document);
            Assert.Equal(request, AgreementCodec.DecodeRequest(AgreementCodec.Encode(request)));
        }
    }

    [Fact]
    public void Cut_longer_or_newer_bytes_are_refused()
    {
        byte[] state = AgreementCodec.Encode(State);
        byte[] reply = AgreementCodec.Encode(new AgreementReply(AcceptorVote.Granted, State));
        byte[] accept = AgreementCodec.Encode(new AgreementRequest(Deployment, State.Promised, State.Document));
        for (int length = 0; length < state.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => AgreementCodec.DecodeState(state.AsSpan(0, length)));
        }

        for (int length = 0; length < reply.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => AgreementCodec.DecodeReply(reply.AsSpan(0, length)));
        }

        for (int length = 0; length < accept.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => AgreementCodec.DecodeRequest(accept.AsSpan(0, length)));
        }

        Assert.Throws<InvalidDataException>(() => AgreementCodec.DecodeState([.. state, 0]));
        InvalidDataException newer = Assert.Throws<InvalidDataException>(() => AgreementCodec.DecodeState([2, .. state[1..]]));
        Assert.Contains("format 2", newer.Message, StringComparison.Ordinal);
    }
}
