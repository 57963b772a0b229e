using System.Text;
using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Listing;
using Cairn.Objects.Quorum;
using Cairn.Objects.Records;
using Cairn.Primitives;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Buckets;

/// <summary>The records of all buckets, one register each.</summary>
/// <remarks>
/// A bucket that is being deleted is still found: whether it goes is not decided yet, and until then its objects must
/// be readable. Only its record can tell (ReadRecordAsync).
/// </remarks>
/// <param name="registers">Where the records are.</param>
/// <param name="environment">Time and chance.</param>
/// <param name="peers">The other nodes; null: there are none.</param>
internal sealed class BucketCatalog(RegisterQuorum registers, StoreEnvironment environment, IBucketPeers? peers)
{
    /// <summary>A read of every bucket in use so often costs nothing; a change waits so long for a node that is away.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    private readonly BucketCache _cache = new(environment.Time, peers is null ? null : Lease);

    /// <summary>Makes the record of a new bucket.</summary>
    /// <returns>BucketAlreadyExists with the existing one; Conflict with it while that one is being deleted.</returns>
    public async ValueTask<ObjectResult<BucketDescription>> PutAsync(string name, CancellationToken cancellationToken)
    {
        BucketRecord record = new() { Id = NewId(), State = BucketState.Live };
        RegisterDraft draft = new() { Slot = VersionId.Null, Body = BucketRecordCodec.Encode(record) };
        BucketDescription? existing = null;
        ObjectResult<RegisterValue?> written = await registers.MutateAsync(
            RegisterNames.OfBucket(name),
            VersionId.Null,
            state =>
            {
                if (state.Slot is null)
                {
                    return MutationDecision.Accept(draft);
                }

                BucketRecord found = BucketRecordCodec.Decode(state.Slot.Body.Span);
                existing = Describe(name, state.Slot, found);
                return MutationDecision.Stop(
                    found.State == BucketState.Live ? ObjectError.BucketAlreadyExists : ObjectError.Conflict);
            },
            cancellationToken);
        await AnnounceAsync(name);
        if (written.Error != ObjectError.None)
        {
            return new ObjectResult<BucketDescription>(written.Error, existing);
        }

        Check.Invariant(written.Value is not null);
        return Describe(name, written.Value, record);
    }

    public ValueTask<ObjectResult<BucketDescription>> FindAsync(string name, CancellationToken cancellationToken) =>
        _cache.TryGet(name, out BucketDescription? bucket)
            ? ValueTask.FromResult<ObjectResult<BucketDescription>>(bucket)
            : LoadAsync(name, cancellationToken);

    /// <summary>The record as it is on the drives.</summary>
    public async ValueTask<ObjectResult<BucketRecord>> ReadRecordAsync(
        string name, CancellationToken cancellationToken)
    {
        ObjectResult<ResolvedRegister> read = await registers.ReadAsync(
            RegisterNames.OfBucket(name), VersionId.Null, withInline: false, cancellationToken);
        return read.Error != ObjectError.None ? read.Error
            : read.Value!.Slot is not { } value ? ObjectError.NoSuchBucket
            : BucketRecordCodec.Decode(value.Body.Span);
    }

    public async ValueTask<ObjectResult<BucketDescription>> UpdateAsync(
        string name, Func<BucketDescription, BucketDescription> change, CancellationToken cancellationToken)
    {
        ObjectResult<RegisterValue?> written = await ChangeAsync(
            name,
            (value, record) =>
            {
                if (record.State != BucketState.Live)
                {
                    return MutationDecision.Stop(ObjectError.Conflict);
                }

                BucketDescription wanted = change(Describe(name, value, record));
                return Accept(record with { Versioning = wanted.Versioning, Tags = wanted.Tags });
            },
            cancellationToken);
        if (written.Error != ObjectError.None)
        {
            return written.Error;
        }

        Check.Invariant(written.Value is not null);
        return Describe(name, written.Value, BucketRecordCodec.Decode(written.Value.Body.Span));
    }

    /// <summary>Begins the deletion of one life of a bucket, or takes it over from whoever is at it.</summary>
    /// <returns>The record with the attempt; NoSuchBucket: that life has ended; Conflict: it is live, and not to be begun.</returns>
    public async ValueTask<ObjectResult<BucketRecord>> BeginDeletionAsync(
        string name, BucketId id, bool mayBegin, CancellationToken cancellationToken)
    {
        ObjectResult<RegisterValue?> written = await ChangeAsync(
            name,
            (_, record) => record.Id != id ? MutationDecision.Stop(ObjectError.NoSuchBucket)
                : record.State == BucketState.Live && !mayBegin ? MutationDecision.Stop(ObjectError.Conflict)
                : Accept(record with
                {
                    State = record.State == BucketState.Ending ? BucketState.Ending : BucketState.Deleting,
                    Attempt = record.Attempt + 1,
                }),
            cancellationToken);
        if (written.Error != ObjectError.None)
        {
            return written.Error;
        }

        Check.Invariant(written.Value is not null);
        return BucketRecordCodec.Decode(written.Value.Body.Span);
    }

    /// <summary>Decides a deletion, unless somebody has taken it over.</summary>
    /// <param name="name">The bucket.</param>
    /// <param name="begun">As it was begun.</param>
    /// <param name="outcome">Live or Ending.</param>
    /// <param name="cancellationToken">It may or may not be decided.</param>
    /// <returns>NoSuchBucket: that life has ended; Conflict: taken over.</returns>
    public async ValueTask<ObjectError> DecideDeletionAsync(
        string name, BucketRecord begun, BucketState outcome, CancellationToken cancellationToken)
    {
        ObjectResult<RegisterValue?> written = await ChangeAsync(
            name,
            (_, record) => record.Id != begun.Id ? MutationDecision.Stop(ObjectError.NoSuchBucket)
                : record.Attempt != begun.Attempt ? MutationDecision.Stop(ObjectError.Conflict)
                : record.State == outcome ? MutationDecision.Nothing
                : Accept(record with { State = outcome }),
            cancellationToken);
        return written.Error;
    }

    /// <summary>Removes the record of a bucket that is ending.</summary>
    /// <returns>NoSuchBucket: somebody else has.</returns>
    public async ValueTask<ObjectError> RemoveAsync(string name, BucketId id, CancellationToken cancellationToken)
    {
        ObjectResult<RegisterValue?> written = await ChangeAsync(
            name,
            (_, record) => record.Id != id ? MutationDecision.Stop(ObjectError.NoSuchBucket)
                : record.State != BucketState.Ending ? MutationDecision.Stop(ObjectError.Conflict)
                : MutationDecision.Accept(new RegisterDraft { Slot = VersionId.Null, IsRemoval = true }),
            cancellationToken);
        return written.Error;
    }

    public async ValueTask<ObjectResult<BucketPage>> ListAsync(
        string prefix, string after, int limit, CancellationToken cancellationToken)
    {
        if (limit <= 0)
        {
            return new BucketPage([], null);
        }

        List<BucketDescription> buckets = [];
        byte[] prefixBytes = Encoding.UTF8.GetBytes(prefix);
        byte[] from = after.Length == 0 ? [] : RegisterNames.After(Encoding.UTF8.GetBytes(after));
        while (true)
        {
            ListRequest request = new()
            {
                Space = RegisterSpace.Buckets,
                Bucket = default,
                Prefix = prefixBytes,
                From = from,
                Limit = Math.Min(limit - buckets.Count + 1, ListLimits.MostEntries),
            };
            ObjectResult<RegisterPage> page = await registers.ListAsync(request, cancellationToken);
            if (page.Error != ObjectError.None)
            {
                return page.Error;
            }

            foreach (RegisterRow row in page.Value!.Rows)
            {
                if (buckets.Count == limit)
                {
                    return new BucketPage(buckets, buckets[^1].Name);
                }

                string name = Encoding.UTF8.GetString(row.Name.Span);
                buckets.Add(Describe(name, row.Values[0], BucketRecordCodec.Decode(row.Values[0].Body.Span)));
                from = RegisterNames.After(row.Name.Span);
            }

            if (page.Value.IsEnd)
            {
                return new BucketPage(buckets, null);
            }
        }
    }

    /// <summary>The next look-up reads the record again.</summary>
    public void Forget(string name) => _cache.Forget(name);

    private static MutationDecision Accept(BucketRecord record) => MutationDecision.Accept(
        new RegisterDraft { Slot = VersionId.Null, KeepsBirth = true, Body = BucketRecordCodec.Encode(record) });

    private static BucketDescription Describe(string name, RegisterValue value, BucketRecord record) => new()
    {
        Name = name,
        Id = record.Id,
        Created = value.Birth.Time,
        Versioning = record.Versioning,
        Tags = record.Tags,
    };

    private async ValueTask<ObjectResult<RegisterValue?>> ChangeAsync(
        string name,
        Func<RegisterValue, BucketRecord, MutationDecision> decide,
        CancellationToken cancellationToken)
    {
        try
        {
            return await registers.MutateAsync(
                RegisterNames.OfBucket(name),
                VersionId.Null,
                state => state.Slot is { } value
                    ? decide(value, BucketRecordCodec.Decode(value.Body.Span))
                    : MutationDecision.Stop(ObjectError.NoSuchBucket),
                cancellationToken);
        }
        finally
        {
            await AnnounceAsync(name);
        }
    }

    // Before the change is answered: whoever asks another node afterwards sees it.
    private async ValueTask AnnounceAsync(string name)
    {
        _cache.Forget(name);
        if (peers is not null && !await peers.TryForgetAsync(name, CancellationToken.None))
        {
            await Task.Delay(Lease, environment.Time);
        }
    }

    private async ValueTask<ObjectResult<BucketDescription>> LoadAsync(
        string name, CancellationToken cancellationToken)
    {
        (long Changes, long Read) mark = _cache.GetMark();
        ObjectResult<ResolvedRegister> read = await registers.ReadAsync(
            RegisterNames.OfBucket(name), VersionId.Null, withInline: false, cancellationToken);
        if (read.Error != ObjectError.None)
        {
            return read.Error;
        }

        if (read.Value!.Slot is not { } value)
        {
            return ObjectError.NoSuchBucket;
        }

        BucketDescription bucket = Describe(name, value, BucketRecordCodec.Decode(value.Body.Span));
        _cache.Offer(bucket, mark);
        return bucket;
    }

    // 0 is the bucket of the bucket records themselves.
    private BucketId NewId()
    {
        ulong id = environment.Entropy.NextUInt64();
        return new BucketId(id == 0 ? 1 : id);
    }
}
