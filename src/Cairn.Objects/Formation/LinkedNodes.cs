using Cairn.Cluster.Agreement;
using Cairn.Cluster.Transport;
using Cairn.Objects.Buckets;

namespace Cairn.Objects.Formation;

/// <summary>The nodes of a store over their links.</summary>
/// <param name="names">What the arguments call them.</param>
/// <param name="links">By the number of the node; null at this node's own.</param>
/// <param name="description">Of this node.</param>
/// <param name="acceptor">Of this node.</param>
/// <param name="time">For deadlines.</param>
public sealed class LinkedNodes(
    IReadOnlyList<string> names,
    IReadOnlyList<NodeLink?> links,
    NodeDescription description,
    AgreementAcceptor acceptor,
    TimeProvider time)
    : IFormationNodes, IBucketPeers
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    public IReadOnlyList<string> Names => names;

    public int Count => links.Count;

    public int Self { get; } = Enumerable.Range(0, links.Count).First(node => links[node] is null);

    public async ValueTask<AgreementReply?> AskAsync(
        int node, AgreementRequest request, CancellationToken cancellationToken)
    {
        if (links[node] is not { } link)
        {
            return await AskSelfAsync(request, cancellationToken);
        }

        try
        {
            using CallReply reply = await CallAsync(link, FormationMessages.EncodeRequest(request), cancellationToken);
            return reply.IsOk ? AgreementCodec.DecodeReply(reply.Payload.Span) : null;
        }
        catch (InvalidDataException)
        {
            // It speaks another version of the agreement: no answer that this node could use.
            return null;
        }
    }

    public async ValueTask<NodeDescription?> DescribeAsync(int node, CancellationToken cancellationToken)
    {
        if (links[node] is not { } link)
        {
            return description;
        }

        try
        {
            using CallReply reply = await CallAsync(
                link, Frame.To(ServiceNumbers.Layout, FormationMessages.Describe), cancellationToken);
            return reply.IsOk ? FormationMessages.DecodeDescription(reply.Payload) : null;
        }
        catch (MessageFormatException)
        {
            return null;
        }
    }

    public async ValueTask<bool> TryForgetAsync(string bucket, CancellationToken cancellationToken)
    {
        bool[] confirmed = await Task.WhenAll(
            links.OfType<NodeLink>().Select(link => TryForgetAsync(link, bucket, cancellationToken)));
        return confirmed.All(isConfirmed => isConfirmed);
    }

    private async Task<bool> TryForgetAsync(NodeLink link, string bucket, CancellationToken cancellationToken)
    {
        using CallReply reply = await CallAsync(link, FormationMessages.EncodeForget(bucket), cancellationToken);
        return reply.IsOk;
    }

    private async ValueTask<AgreementReply?> AskSelfAsync(AgreementRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await acceptor.HandleAsync(request, cancellationToken);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async ValueTask<CallReply> CallAsync(NodeLink link, Frame request, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = new(Deadline, time);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await link.CallAsync(request, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return CallReply.Of(CallStatus.Lost);
        }
    }
}
