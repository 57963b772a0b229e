using Cairn.Cluster.Agreement;
using Cairn.Cluster.Transport;
using Cairn.Objects.Rebalance;

namespace Cairn.Objects.Formation;

/// <summary>Answers other nodes what this node is and how far it has come, votes, and forgets buckets that others change.</summary>
/// <remarks>Serves from before the store is formed: without it there would be none.</remarks>
/// <param name="description">Of this node.</param>
/// <param name="acceptor">Of this node.</param>
/// <param name="standing">Of this node.</param>
/// <param name="candidates">Told of nodes that introduce themselves.</param>
public sealed class FormationService(
    NodeDescription description, AgreementAcceptor acceptor, LayoutStanding standing, Candidates candidates) : INodeService
{
    public byte Number => ServiceNumbers.Layout;

    /// <summary>Told about a bucket that another node has changed. Before the store is open nothing is remembered.</summary>
    public Action<string> ForgetBucket { get; set; } = static _ => { };

    internal NodeDescription Description => description;

    internal AgreementAcceptor Acceptor => acceptor;

    /// <summary>Nodes that would like to be part of the store.</summary>
    public Candidates Candidates => candidates;

    /// <summary>Who votes on the layout; empty while this node knows of no store.</summary>
    /// <remarks>It knows from the layout that it works by, or, before it does, from what it has accepted.</remarks>
    internal async ValueTask<IReadOnlyList<string>> GetVotersAsync(CancellationToken cancellationToken)
    {
        if (standing.Voters is { Count: > 0 } present)
        {
            return present;
        }

        try
        {
            return await acceptor.GetStateAsync(cancellationToken) is { Document: { Version: > 0 } accepted }
                ? LayoutFormation.Decode(accepted).Voters
                : [];
        }
        catch (IOException)
        {
            return [];
        }
    }

    internal NodeStanding? GetStanding(long epoch)
    {
        standing.Heard(epoch);
        return standing.Get();
    }

    public IServiceSession Open(IServicePeer peer) => new Session(this);

    private async ValueTask<CallReply> AgreeAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        AgreementRequest asked;
        try
        {
            asked = AgreementCodec.DecodeRequest(request.Span);
        }
        catch (InvalidDataException e)
        {
            throw new MessageFormatException(e.Message);
        }

        try
        {
            return CallReply.Of(FormationMessages.EncodeReply(await acceptor.HandleAsync(asked, cancellationToken)));
        }
        catch (IOException)
        {
            return CallReply.Of(CallStatus.Failed);
        }
    }

    private sealed class Session(FormationService service) : IServiceSession
    {
        public ValueTask<CallReply> CallAsync(
            byte operation, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
        {
            switch (operation)
            {
                case FormationMessages.Describe:
                    return ValueTask.FromResult(CallReply.Of(FormationMessages.EncodeDescription(service.Description)));
                case FormationMessages.Agree:
                    return service.AgreeAsync(request, cancellationToken);
                case FormationMessages.ForgetBucket:
                    service.ForgetBucket(FormationMessages.DecodeForget(request));
                    return ValueTask.FromResult(CallReply.Of(CallStatus.Ok));
                case FormationMessages.Voters:
                    return service.TellVotersAsync(cancellationToken);
                case FormationMessages.Introduce:
                    service.Candidates.Note(FormationMessages.DecodeDescription(request));
                    return ValueTask.FromResult(CallReply.Of(CallStatus.Ok));
                case FormationMessages.Standing:
                    return ValueTask.FromResult(service.TellStanding(request));
                default:
                    return ValueTask.FromResult(CallReply.Of(CallStatus.Unknown));
            }
        }

        public void Receive(byte operation, ReadOnlyMemory<byte> message)
        {
            // Nothing of this service is one-way.
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private async ValueTask<CallReply> TellVotersAsync(CancellationToken cancellationToken) =>
        CallReply.Of(FormationMessages.EncodeVoters(await GetVotersAsync(cancellationToken)));

    private CallReply TellStanding(ReadOnlyMemory<byte> request) =>
        GetStanding(FormationMessages.DecodeStandingRequest(request)) is { } told
            ? CallReply.Of(FormationMessages.EncodeStanding(told))
            : CallReply.Of(CallStatus.Failed);
}
