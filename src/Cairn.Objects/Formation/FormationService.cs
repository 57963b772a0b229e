using Cairn.Cluster.Agreement;
using Cairn.Cluster.Transport;

namespace Cairn.Objects.Formation;

/// <summary>Answers other nodes what this node is, votes, and forgets buckets that others change.</summary>
/// <remarks>Serves from before the store is formed: without it there would be none.</remarks>
public sealed class FormationService(NodeDescription description, AgreementAcceptor acceptor) : INodeService
{
    public byte Number => ServiceNumbers.Layout;

    /// <summary>Told about a bucket that another node has changed. Before the store is open nothing is remembered.</summary>
    public Action<string> ForgetBucket { get; set; } = static _ => { };

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

    private NodeDescription Description => description;
}
