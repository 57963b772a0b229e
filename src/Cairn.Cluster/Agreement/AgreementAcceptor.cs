using Cairn.Primitives.Scheduling;

namespace Cairn.Cluster.Agreement;

/// <summary>A node's vote on the document.</summary>
/// <remarks>
/// Invariants: the promise never falls; nothing is accepted below it; every answer is durable before it is given; a node
/// without a state does not vote (AgreementEntry says when it may).
/// Failure: a state that cannot be saved is loaded again before the next answer, since it may have been saved or not.
/// Concurrency: one request at a time.
/// </remarks>
public sealed class AgreementAcceptor(IAcceptorStore store)
{
    private readonly AsyncLock _gate = new();
    private AcceptorState? _state;

    /// <exception cref="IOException">The drives failed; the request may count or not.</exception>
    public async ValueTask<AgreementReply> HandleAsync(AgreementRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using AsyncLock.Holder held = await _gate.AcquireAsync(cancellationToken);
        AcceptorState? state = _state ??= await store.LoadAsync(cancellationToken);
        if (state is null)
        {
            return new AgreementReply(AcceptorVote.Blank, AcceptorState.Empty);
        }

        if (state.Document.Version > 0
            && request.Deployment != default
            && request.Deployment != state.Document.Deployment)
        {
            return new AgreementReply(AcceptorVote.Stranger, AcceptorState.Empty);
        }

        if (request.Ballot < state.Promised || (request.Document is null && request.Ballot == state.Promised))
        {
            return new AgreementReply(AcceptorVote.Refused, state);
        }

        AcceptorState next = request.Document is { } document
            ? new AcceptorState(request.Ballot, request.Ballot, document)
            : state with { Promised = request.Ballot };
        await SaveAsync(next, cancellationToken);
        return new AgreementReply(AcceptorVote.Granted, next);
    }

    /// <summary>What this node has voted for; null while it does not vote.</summary>
    /// <exception cref="IOException">The drives failed.</exception>
    public async ValueTask<AcceptorState?> GetStateAsync(CancellationToken cancellationToken)
    {
        AgreementReply reply = await HandleAsync(AgreementRequest.Peek(default), cancellationToken);
        return reply.Vote == AcceptorVote.Blank ? null : reply.State;
    }

    /// <summary>Lets a blank node vote from now on.</summary>
    /// <exception cref="IOException">The drives failed; the node may vote or not.</exception>
    public async ValueTask EnterAsync(AcceptorState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        using AsyncLock.Holder held = await _gate.AcquireAsync(cancellationToken);
        if (await store.LoadAsync(cancellationToken) is null)
        {
            await SaveAsync(state, cancellationToken);
        }
    }

    private async ValueTask SaveAsync(AcceptorState next, CancellationToken cancellationToken)
    {
        _state = null;
        await store.SaveAsync(next, cancellationToken);
        _state = next;
    }
}
