using Cairn.Drives.Registers;
using Cairn.Objects.Buckets;
using Cairn.Objects.Commit;
using Cairn.Objects.Records;
using Cairn.Primitives;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Versions;

/// <summary>Replaces the tags of a version: a new value for its record, under the same birth and over the same data.</summary>
internal sealed class TagWriter(RegisterQuorum registers, BucketWrites buckets)
{
    public async ValueTask<ObjectResult<ObjectDescription>> SetAsync(
        string bucketName,
        string key,
        VersionId? version,
        IReadOnlyList<KeyValuePair<string, string>> tags,
        CancellationToken cancellationToken)
    {
        ObjectResult<BucketDescription> bucket = await buckets.FindAsync(bucketName, cancellationToken);
        if (!bucket.IsOk)
        {
            return bucket.Error;
        }

        ObjectDescription? inTheWay = null;
        bool isVersioned = bucket.Value.ShowsVersions();
        RegisterKey register = RegisterNames.OfObject(bucket.Value.Id, key);
        ObjectResult<RegisterValue?> written = await registers.MutateAsync(
            register,
            version,
            state =>
            {
                RegisterValue? target = version is null ? state.Current : state.Slot;
                if (target is null)
                {
                    return MutationDecision.Stop(version is null ? ObjectError.NoSuchKey : ObjectError.NoSuchVersion);
                }

                VersionRecord record = VersionRecordCodec.Decode(target, withParts: true);
                if (!record.IsDeleteMarker)
                {
                    return MutationDecision.Accept(VersionDrafts.Change(target, record with { Tags = tags }));
                }

                inTheWay = Descriptions.Of(key, target, record, isVersioned);
                return MutationDecision.Stop(
                    version is null ? ObjectError.NoSuchKey : ObjectError.VersionIsDeleteMarker);
            },
            cancellationToken);
        if (written.Error != ObjectError.None)
        {
            ObjectError error = await buckets.ExplainAsync(bucket.Value, written.Error, cancellationToken);
            return new ObjectResult<ObjectDescription>(error, inTheWay);
        }

        Check.Invariant(written.Value is not null);
        return Descriptions.Of(
            key, written.Value, VersionRecordCodec.Decode(written.Value, withParts: false), isVersioned);
    }
}
