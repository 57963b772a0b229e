using Cairn.Primitives.Scheduling;

namespace Cairn.Cluster.Agreement;

/// <summary>A node's vote on the document.</summary>
/// <remarks>
/// Invariants: the promise never falls; nothing is accepted below it; every answer is durable before it is given.
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
        AcceptorState state = _state ??= await store.LoadAsync(cancellationToken);
        if (request.Ballot < state.Promised || (request.Document is null && request.Ballot == state.Promised))
        {
            return new AgreementReply(false, state);
        }

        AcceptorState next = request.Document is { } document
            ? new AcceptorState(request.Ballot, request.Ballot, document)
            : state with { Promised = request.Ballot };
        _state = null;
        await store.SaveAsync(next, cancellationToken);
        _state = next;
        return new AgreementReply(true, next);
    }
}
