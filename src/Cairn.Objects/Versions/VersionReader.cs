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
    /// <summary>Times that a version may be superseded between its reading and the opening of its data.</summary>
    private const int MostOpenings = 8;

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
        (ObjectResult<FoundVersion> found, ObjectDataReader? bytes) = await OpenAsync(register, version, cancellationToken);
        if (found.Value is not { } held)
        {
            return found.Error;
        }

        ObjectDescription description = Descriptions.Of(key, held.Value, held.Record, bucket.Value.ShowsVersions());
        IReadOnlyList<ObjectPart> parts = description.PartCount == 0
            ? []
            : new PartTable(held.Value, description.PartCount);
        return new ObjectResult<ObjectReader>(found.Error, new ObjectReader(description, parts, bytes));
    }

    /// <summary>Finds a version and takes hold of its data. Dispose the reader; null when there are no bytes.</summary>
    /// <remarks>
    /// A writer may supersede the version between the two, and drives then drop its data: what is current by now is
    /// found and opened instead. Data that cannot be had although its version stands is told by the first read.
    /// </remarks>
    public async ValueTask<(ObjectResult<FoundVersion> Found, ObjectDataReader? Bytes)> OpenAsync(
        RegisterKey register, VersionId? version, CancellationToken cancellationToken)
    {
        ObjectResult<FoundVersion> found = await FindAsync(register, version, withData: true, cancellationToken);
        for (int opening = 1; ; opening++)
        {
            if (!found.IsOk || found.Value.Record.Pieces.Count == 0)
            {
                return (found, null);
            }

            RegisterValue value = found.Value.Value;
            ObjectDataReader bytes = data.Open(register, value, found.Value.Record.Pieces);
            if (opening == MostOpenings || await bytes.TryHoldAsync(cancellationToken))
            {
                return (found, bytes);
            }

            found = await FindAsync(register, version, withData: true, cancellationToken);
            if (found.IsOk && found.Value.Value.Ballot == value.Ballot)
            {
                return (found, bytes);
            }

            await bytes.DisposeAsync();
        }
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
