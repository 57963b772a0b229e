using Cairn.Primitives;
using Cairn.Primitives.Clocks;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Agreement;

/// <summary>Lets a node whose drives are all new take part in the agreement.</summary>
/// <remarks>
/// A blank node is either one of a store that nobody has formed yet, or the replacement of one that voted before. Steps:
/// (1) where all others answer and none of them has accepted anything, nothing is agreed; (2) else a majority without this
/// node settles the document, so nothing that rested on its predecessor's vote is lost; (3) it starts from there, with a
/// promise above all that its predecessor can have given.
/// Failure: while too few others answer the node stays blank. When half of the nodes of a store are blank, they stay so:
/// people have to decide.
/// </remarks>
public sealed class AgreementEntry
{
    /// <summary>Bounds how far ahead of this node's wall clock a promise of its predecessor can have been.</summary>
    private static readonly TimeSpan MaxLead = TimeSpan.FromHours(1);

    private readonly AgreementAcceptor _acceptor;
    private readonly OtherPeers _others;
    private readonly DocumentAgreement _settlement;
    private readonly HybridClock _clock;
    private readonly TimeProvider _time;

    /// <param name="acceptor">Of this node.</param>
    /// <param name="peers">All nodes.</param>
    /// <param name="self">This node's name.</param>
    /// <param name="clock">Of the agreement.</param>
    /// <param name="time">This node's.</param>
    /// <param name="entropy">For pauses.</param>
    public AgreementEntry(
        AgreementAcceptor acceptor,
        IAgreementPeers peers,
        string self,
        HybridClock clock,
        TimeProvider time,
        IEntropy entropy)
    {
        _acceptor = acceptor;
        _others = new OtherPeers(peers, self);
        _settlement = new DocumentAgreement(_others, clock, time, entropy);
        _clock = clock;
        _time = time;
    }

    /// <returns>Whether the node votes now.</returns>
    /// <exception cref="IOException">The drives failed.</exception>
    public async ValueTask<bool> TryEnterAsync(CancellationToken cancellationToken)
    {
        if (await _acceptor.GetStateAsync(cancellationToken) is not null)
        {
            return true;
        }

        if (await IsNewAsync(cancellationToken)) // (1)
        {
            await _acceptor.EnterAsync(AcceptorState.Empty with { Promised = FarAhead() }, cancellationToken); // (3)
            return true;
        }

        if (await _settlement.SettleAsync(cancellationToken) is not { } settled) // (2)
        {
            return false;
        }

        AcceptorState start = new(FarAhead(), settled.Ballot, settled.Document);
        await _acceptor.EnterAsync(start, cancellationToken); // (3)
        return true;
    }

    private async ValueTask<bool> IsNewAsync(CancellationToken cancellationToken)
    {
        foreach (string node in _others.Others)
        {
            AgreementReply? reply = await _others.AskAsync(node, AgreementRequest.Peek(default), cancellationToken);
            if (reply is null || reply.State.Accepted != Ballot.Zero)
            {
                return false;
            }
        }

        return true;
    }

    private Ballot FarAhead()
    {
        _clock.Observe(Ballot.At(_time.GetUtcNow() + MaxLead));
        return _clock.Next();
    }
}
