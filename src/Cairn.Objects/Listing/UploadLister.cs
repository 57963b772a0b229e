using System.Text;
using Cairn.Drives.Registers;
using Cairn.Objects.Buckets;
using Cairn.Objects.Commit;
using Cairn.Objects.Multipart;
using Cairn.Objects.Records;

namespace Cairn.Objects.Listing;

/// <summary>Lists a bucket's unfinished uploads, by key and then by start.</summary>
/// <remarks>
/// The delimiter is applied here and not by the drives: to them an upload id is part of the name, and a delimiter could
/// be found in it. Uploads are few, so that reading the rows of a common prefix costs little.
/// </remarks>
internal sealed class UploadLister(RegisterQuorum registers, BucketCatalog buckets)
{
    // Sorts behind KeyEnd and before every other byte that can follow a key.
    private const byte BehindKeyEnd = RegisterNames.KeyEnd + 1;

    public async ValueTask<ObjectResult<UploadPage>> ListAsync(UploadQuery query, CancellationToken cancellationToken)
    {
        ObjectResult<BucketDescription> bucket = await buckets.FindAsync(query.Bucket, cancellationToken);
        if (!bucket.IsOk)
        {
            return bucket.Error;
        }

        byte[] delimiter = Encoding.UTF8.GetBytes(query.Delimiter);
        ListRequest request = new()
        {
            Space = RegisterSpace.Uploads,
            Bucket = bucket.Value.Id,
            Prefix = Encoding.UTF8.GetBytes(query.Prefix),
            Limit = Math.Min(query.Limit, ListLimits.MostEntries - 1) + 1,
        };
        byte[]? from = Start(query, request.Prefix.Span, delimiter);
        List<UploadDescription> uploads = [];
        List<string> prefixes = [];
        UploadPage page = new(uploads, prefixes, null, null);
        ReadOnlyMemory<byte> lastPrefix = default;
        while (from is not null && query.Limit > 0)
        {
            ObjectResult<RegisterPage> rows = await registers.ListAsync(
                request with { From = from }, cancellationToken);
            if (rows.Error != ObjectError.None)
            {
                return rows.Error;
            }

            foreach (RegisterRow row in rows.Value!.Rows)
            {
                if (!lastPrefix.IsEmpty && row.Name.Span.StartsWith(lastPrefix.Span))
                {
                    continue;
                }

                if (uploads.Count + prefixes.Count == query.Limit)
                {
                    return page;
                }

                ReadOnlySpan<byte> key = row.Name.Span[..row.Name.Span.IndexOf(RegisterNames.KeyEnd)];
                int rolled = ListStart.CommonPrefixSize(request.Prefix.Span, delimiter, key);
                if (rolled > 0)
                {
                    lastPrefix = row.Name[..rolled];
                    prefixes.Add(Encoding.UTF8.GetString(lastPrefix.Span));
                    page = page with { NextKey = prefixes[^1], NextUpload = null };
                    from = RegisterNames.Behind(lastPrefix.Span);
                    continue;
                }

                uploads.Add(Describe(row));
                page = page with { NextKey = uploads[^1].Key, NextUpload = uploads[^1].UploadId };
                from = RegisterNames.After(row.Name.Span);
            }

            if (rows.Value.IsEnd)
            {
                break;
            }
        }

        return page with { NextKey = null, NextUpload = null };
    }

    private static byte[]? Start(UploadQuery query, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> delimiter)
    {
        byte[] key = Encoding.UTF8.GetBytes(query.AfterKey);
        if (key.Length == 0)
        {
            return [];
        }

        int rolled = ListStart.CommonPrefixSize(prefix, delimiter, key);
        byte[]? from = rolled > 0 ? RegisterNames.Behind(key.AsSpan(0, rolled))
            : query.AfterUpload is { } upload ? RegisterNames.After(RegisterNames.UploadName(query.AfterKey, upload))
            : [.. key, BehindKeyEnd];
        return from is not null && from.AsSpan().SequenceCompareTo(prefix) < 0 ? [] : from;
    }

    private static UploadDescription Describe(RegisterRow row)
    {
        (string key, string uploadId) = RegisterNames.ParseUpload(row.Name.Span);
        return UploadCatalog.Describe(key, uploadId, row.Values[0], UploadRecordCodec.Decode(row.Values[0]));
    }
}
