using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>The commit protocol: registers that are linearizable over the drives of their partition.</summary>
internal sealed class RegisterQuorum
{
    /// <summary>A blind write: one round trip. On success the value is durable at its write quorum.</summary>
    /// <returns>
    /// The value; or WriteQuorumLost / StorageFull / NoSuchBucket (closed): surely not written; or OutcomeUnknown.
    /// </returns>
    public ValueTask<ObjectResult<RegisterValue>> WriteAsync(
        RegisterKey key, RegisterDraft draft, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>An atomic read-modify-write (prepare, resolve, make certain, decide, accept).</summary>
    /// <param name="key">The register.</param>
    /// <param name="slot">A slot to resolve besides the current version.</param>
    /// <param name="decide">Pure; may be called again with a newer state after a lost race.</param>
    /// <param name="cancellationToken">The mutation may or may not take effect.</param>
    /// <returns>The accepted value (null for nothing or a removal), or the decision's or the quorum's error.</returns>
    public ValueTask<ObjectResult<RegisterValue?>> MutateAsync(
        RegisterKey key,
        VersionId? slot,
        Func<ResolvedRegister, MutationDecision> decide,
        CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>As above, with a decision that may read other registers.</summary>
    /// <remarks>
    /// The decision runs while a read quorum has promised this attempt's ballot, and again for each new ballot. So a
    /// writer that first changes what the decision reads, and then writes to this register, either is seen by the
    /// decision or makes the attempt lose: a fence between two registers. An attempt that may have taken root is only
    /// made certain; its draft is never accepted as a new write without a new decision.
    /// </remarks>
    public ValueTask<ObjectResult<RegisterValue?>> MutateAsync(
        RegisterKey key,
        VersionId? slot,
        Func<ResolvedRegister, CancellationToken, ValueTask<MutationDecision>> decide,
        CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>A linearizable read.</summary>
    /// <returns>The state, or ReadQuorumLost.</returns>
    public ValueTask<ObjectResult<ResolvedRegister>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>A run of registers in key order, each resolved, merged from enough drives to see every commit.</summary>
    /// <remarks>
    /// With a delimiter, a name below a common prefix is evidence that the prefix is not empty; the rest of the prefix is
    /// skipped. Registers without a live version are left out (with AllVersions: with no version at all).
    /// </remarks>
    /// <returns>Rows up to the limit (of entries), or ReadQuorumLost.</returns>
    public ValueTask<ObjectResult<RegisterPage>> ListAsync(ListRequest request, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>
    /// Closes a bucket on at least the write quorum of every partition's drives, or opens it again on all that answer.
    /// A listing with ListRequest.OnlyIfClosed then sees every value that can still be acknowledged.
    /// </summary>
    /// <returns>None, or WriteQuorumLost: closed on some drives only.</returns>
    public ValueTask<ObjectError> SetBucketClosedAsync(
        BucketId bucket, bool isClosed, CancellationToken cancellationToken) => throw new NotImplementedException();
}
