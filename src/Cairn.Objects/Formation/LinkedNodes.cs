using Cairn.Cluster.Agreement;
using Cairn.Cluster.Transport;
using Cairn.Objects.Buckets;
using Cairn.Objects.Rebalance;

namespace Cairn.Objects.Formation;

/// <summary>The nodes of a store over their links.</summary>
/// <remarks>Concurrency: any caller; nodes are added at the end while others are asked.</remarks>
/// <param name="names">What the arguments call them.</param>
/// <param name="links">By the number of the node; null at this node's own.</param>
/// <param name="own">What this node answers itself.</param>
/// <param name="time">For deadlines.</param>
public sealed class LinkedNodes(
    IReadOnlyList<string> names, IReadOnlyList<NodeLink?> links, FormationService own, TimeProvider time)
    : IFormationNodes, IBucketPeers
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private volatile string[] _names = [.. names];
    private volatile NodeLink?[] _links = [.. links];

    public IReadOnlyList<string> Names => _names;

    public int Count => _names.Length;

    public int Self { get; } = Enumerable.Range(0, links.Count).First(node => links[node] is null);

    /// <summary>A node that the arguments do not name.</summary>
    public void Add(string name, NodeLink link)
    {
        lock (_gate)
        {
            // Whoever finds the name finds the link.
            _links = [.. _links, link];
            _names = [.. _names, name];
        }
    }

    public async ValueTask<AgreementReply?> AskAsync(
        int node, AgreementRequest request, CancellationToken cancellationToken)
    {
        if (_links[node] is not { } link)
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
        if (_links[node] is not { } link)
        {
            return own.Description;
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

    public async ValueTask<IReadOnlyList<string>> GetVotersAsync(int node, CancellationToken cancellationToken)
    {
        if (_links[node] is not { } link)
        {
            return await own.GetVotersAsync(cancellationToken);
        }

        try
        {
            using CallReply reply = await CallAsync(
                link, Frame.To(ServiceNumbers.Layout, FormationMessages.Voters), cancellationToken);
            return reply.IsOk ? FormationMessages.DecodeVoters(reply.Payload) : [];
        }
        catch (MessageFormatException)
        {
            return [];
        }
    }

    public async ValueTask IntroduceAsync(int node, CancellationToken cancellationToken)
    {
        if (_links[node] is not { } link)
        {
            own.Candidates.Note(own.Description);
            return;
        }

        (await CallAsync(link, FormationMessages.EncodeIntroduction(own.Description), cancellationToken)).Dispose();
    }

    public async ValueTask<NodeStanding?> GetStandingAsync(int node, long epoch, CancellationToken cancellationToken)
    {
        if (_links[node] is not { } link)
        {
            return own.GetStanding(epoch);
        }

        try
        {
            using CallReply reply = await CallAsync(
                link, FormationMessages.EncodeStandingRequest(epoch), cancellationToken);
            return reply.IsOk ? FormationMessages.DecodeStanding(reply.Payload) : null;
        }
        catch (MessageFormatException)
        {
            return null;
        }
    }

    public async ValueTask<bool> TryForgetAsync(string bucket, CancellationToken cancellationToken)
    {
        bool[] confirmed = await Task.WhenAll(
            _links.OfType<NodeLink>().Select(link => TryForgetAsync(link, bucket, cancellationToken)));
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
            return await own.Acceptor.HandleAsync(request, cancellationToken);
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
