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
}
