using Cairn.Drives.Registers;
using Cairn.Objects.Buckets;
using Cairn.Objects.Commit;
using Cairn.Objects.Data;
using Cairn.Objects.Records;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Versions;

/// <summary>Finds, describes and opens versions.</summary>
internal sealed class VersionReader(RegisterQuorum registers, DataStore data, BucketCatalog buckets)
{
    public async ValueTask<ObjectResult<ObjectDescription>> DescribeAsync(
        string bucketName, string key, VersionId? version, CancellationToken cancellationToken)
    {
        ObjectResult<BucketDescription> bucket = await buckets.FindAsync(bucketName, cancellationToken);
        if (!bucket.IsOk)
        {
            return bucket.Error;
        }

        RegisterKey register = RegisterNames.OfObject(bucket.Value.Id, key);
        ObjectResult<FoundVersion> found = await FindAsync(
            register, version, withData: false, cancellationToken);
        return found.Value is not { } held
            ? found.Error
            : new ObjectResult<ObjectDescription>(
                found.Error, Descriptions.Of(key, held.Value, held.Record, bucket.Value.ShowsVersions()));
    }

    public async ValueTask<ObjectResult<ObjectReader>> OpenAsync(
        string bucketName, string key, VersionId? version, CancellationToken cancellationToken)
    {
        ObjectResult<BucketDescription> bucket = await buckets.FindAsync(bucketName, cancellationToken);
        if (!bucket.IsOk)
        {
            return bucket.Error;
        }

        RegisterKey register = RegisterNames.OfObject(bucket.Value.Id, key);
        ObjectResult<FoundVersion> found = await FindAsync(register, version, withData: true, cancellationToken);
        if (found.Value is not { } held)
        {
            return found.Error;
        }

        ObjectDescription description = Descriptions.Of(key, held.Value, held.Record, bucket.Value.ShowsVersions());
        ObjectDataReader? bytes = found.IsOk && held.Record.Pieces.Count > 0
            ? data.Open(register, held.Value, held.Record.Pieces)
            : null;
        IReadOnlyList<ObjectPart> parts = description.PartCount == 0
            ? []
            : new PartTable(held.Value, description.PartCount);
        return new ObjectResult<ObjectReader>(found.Error, new ObjectReader(description, parts, bytes));
    }

    /// <returns>
    /// The version; NoSuchKey or VersionIsDeleteMarker with the delete marker found in its place; or an error without.
    /// </returns>
    public async ValueTask<ObjectResult<FoundVersion>> FindAsync(
        RegisterKey register, VersionId? version, bool withData, CancellationToken cancellationToken)
    {
        ObjectResult<ResolvedRegister> read = await registers.ReadAsync(
            register, version, withInline: withData, cancellationToken);
        if (read.Error != ObjectError.None)
        {
            return read.Error;
        }

        RegisterValue? value = version is null ? read.Value!.Current : read.Value!.Slot;
        if (value is null)
        {
            return version is null ? ObjectError.NoSuchKey : ObjectError.NoSuchVersion;
        }

        FoundVersion found = new(value, VersionRecordCodec.Decode(value, withParts: false));
        return !found.Record.IsDeleteMarker ? found : new ObjectResult<FoundVersion>(
            version is null ? ObjectError.NoSuchKey : ObjectError.VersionIsDeleteMarker, found);
    }
}
