using System.Text;
using Cairn.Drives.Registers;
using Cairn.Objects.Buckets;
using Cairn.Objects.Commit;
using Cairn.Objects.Records;
using Cairn.Objects.Versions;

namespace Cairn.Objects.Listing;

/// <summary>Lists the current versions of a bucket's keys.</summary>
internal sealed class ObjectLister(RegisterQuorum registers, BucketCatalog buckets)
{
    public async ValueTask<ObjectResult<ObjectPage>> ListAsync(ObjectQuery query, CancellationToken cancellationToken)
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
            Limit = 1,
        };
        byte[]? from = ListStart.Behind(
            request.Prefix.Span, request.Delimiter.Span, Encoding.UTF8.GetBytes(query.After));
        if (query.Limit <= 0 || from is null)
        {
            return new ObjectPage([], [], null);
        }

        ObjectPageBuilder page = new(request, query.Limit, bucket.Value.ShowsVersions());
        // One entry more than wanted tells whether there is a next page. After that, what was read were delete markers,
        // and there may be many more.
        int most = Math.Min(query.Limit, ListLimits.MostEntries - 1) + 1;
        while (true)
        {
            ObjectResult<RegisterPage> rows = await registers.ListAsync(
                request with { From = from, Limit = most }, cancellationToken);
            if (rows.Error != ObjectError.None)
            {
                return rows.Error;
            }

            foreach (RegisterRow row in rows.Value!.Rows)
            {
                if (!page.IsHiddenPrefix(row))
                {
                    page.Add(row);
                }
                else if (await LookInsideAsync(request, page, row, cancellationToken) is var error
                    && error != ObjectError.None)
                {
                    return error;
                }

                if (page.IsTruncated)
                {
                    return page.Build();
                }
            }

            if (rows.Value.IsEnd || page.FindNextName() is not { } next)
            {
                return page.Build();
            }

            from = next;
            most = ListLimits.WalkEntries;
        }
    }

    // The row that stands for a common prefix is a delete marker. Whether an object lies beside it, a walk without the
    // delimiter tells.
    private async ValueTask<ObjectError> LookInsideAsync(
        ListRequest request, ObjectPageBuilder page, RegisterRow row, CancellationToken cancellationToken)
    {
        ListRequest inside = request with
        {
            Prefix = page.CommonPrefixOf(row),
            Delimiter = default,
            Limit = ListLimits.WalkEntries,
        };
        byte[] from = RegisterNames.After(row.Name.Span);
        while (true)
        {
            ObjectResult<RegisterPage> rows = await registers.ListAsync(
                inside with { From = from }, cancellationToken);
            if (rows.Error != ObjectError.None)
            {
                return rows.Error;
            }

            foreach (RegisterRow below in rows.Value!.Rows)
            {
                if (!VersionRecordCodec.DecodeHead(below.Values[0].Body.Span).IsDeleteMarker)
                {
                    page.Add(below);
                    return ObjectError.None;
                }

                from = RegisterNames.After(below.Name.Span);
            }

            if (rows.Value.IsEnd)
            {
                page.Pass(row);
                return ObjectError.None;
            }
        }
    }
}
