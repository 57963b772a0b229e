using System.Text;
using Cairn.Drives.Registers;
using Cairn.Objects.Buckets;
using Cairn.Objects.Commit;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Listing;

/// <summary>Lists all versions and delete markers of a bucket's keys.</summary>
internal sealed class VersionLister(RegisterQuorum registers, BucketCatalog buckets)
{
    public async ValueTask<ObjectResult<VersionPage>> ListAsync(VersionQuery query, CancellationToken cancellationToken)
    {
        ObjectResult<BucketDescription> bucket = await buckets.FindAsync(query.Bucket, cancellationToken);
        if (!bucket.IsOk)
        {
            return bucket.Error;
        }

        ListRequest request = new()
        {
            Space = RegisterSpace.Objects,
            Bucket = bucket.Value.Id,
            Prefix = Encoding.UTF8.GetBytes(query.Prefix),
            Delimiter = Encoding.UTF8.GetBytes(query.Delimiter),
            AllVersions = true,
            Limit = Math.Min(query.Limit, ListLimits.MostEntries - 1) + 1,
        };
        byte[]? from = ListStart.Behind(
            request.Prefix.Span, request.Delimiter.Span, Encoding.UTF8.GetBytes(query.AfterKey));
        if (query.Limit <= 0 || from is null)
        {
            return new VersionPage([], [], null, null);
        }

        VersionPageBuilder page = new(request, query.Limit, bucket.Value.ShowsVersions());
        page.StartBehind(from);
        if (query.AfterVersion is { } version)
        {
            ObjectError error = await ResumeAsync(page, request, query.AfterKey, version, cancellationToken);
            if (error != ObjectError.None)
            {
                return error;
            }
        }

        return await FillAsync(page, request, cancellationToken);
    }

    private async ValueTask<ObjectResult<VersionPage>> FillAsync(
        VersionPageBuilder page, ListRequest request, CancellationToken cancellationToken)
    {
        while (page.NextName is { } from)
        {
            ObjectResult<RegisterPage> rows = await registers.ListAsync(
                request with { From = from, OlderThan = page.OlderThan }, cancellationToken);
            if (rows.Error != ObjectError.None)
            {
                return rows.Error;
            }

            foreach (RegisterRow row in rows.Value!.Rows)
            {
                page.Add(row);
                if (page.IsTruncated)
                {
                    return page.Build();
                }
            }

            if (rows.Value.IsEnd)
            {
                break;
            }
        }

        return page.Build();
    }

    // A page that starts inside a key cannot see from its rows which version is the current one. And the null version's
    // id does not tell its age: only the version itself does. If it is gone meanwhile, the key is listed again from its
    // newest version, because showing a version twice does less harm than not showing it.
    private async ValueTask<ObjectError> ResumeAsync(
        VersionPageBuilder page,
        ListRequest request,
        string key,
        VersionId version,
        CancellationToken cancellationToken)
    {
        byte[] name = Encoding.UTF8.GetBytes(key);
        if (name.Length == 0
            || !name.AsSpan().StartsWith(request.Prefix.Span)
            || ListStart.CommonPrefixSize(request.Prefix.Span, request.Delimiter.Span, name) > 0)
        {
            return ObjectError.None;
        }

        ObjectResult<ResolvedRegister> read = await registers.ReadAsync(
            RegisterKey.Of(request.Space, request.Bucket, name), version, withInline: false, cancellationToken);
        if (read.Error != ObjectError.None)
        {
            return read.Error;
        }

        Ballot? birth = version.IsNull ? read.Value!.Slot?.Birth : version.Birth;
        page.ResumeInside(name, birth, read.Value!.Current?.Slot);
        return ObjectError.None;
    }
}
