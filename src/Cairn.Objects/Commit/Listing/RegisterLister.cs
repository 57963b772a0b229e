using Cairn.Drives.Registers;
using Cairn.Objects.Listing;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;

namespace Cairn.Objects.Commit.Listing;

/// <summary>Lists registers in key order, each resolved as a read would.</summary>
/// <remarks>
/// Why a listing shows what was written before it: a chosen value is on a write quorum of its partition's drives, the
/// merge hears a read quorum of each partition, and asks the drives after the listing has begun. What is shown is as
/// certain as with a read: a value is committed somewhere and nothing above it is held by the drives that were heard,
/// or the register is read.
/// See: docs/consistency.md.
/// </remarks>
internal sealed class RegisterLister(StoreEngine engine, RegisterReader reader)
{
    private readonly CurrentResolver _current = new(engine.Records);

    /// <param name="request">What is wanted.</param>
    /// <param name="placement">All drives are asked in the name of one layout.</param>
    /// <param name="cancellationToken">There is no page.</param>
    public async ValueTask<ObjectResult<RegisterPage>> ListAsync(
        ListRequest request, StorePlacement placement, CancellationToken cancellationToken)
    {
        RegisterMerge merge = new(engine, placement, request);
        RegisterPageBuilder page = new(reader, Math.Clamp(request.Limit, 1, ListLimits.MostEntries));
        VersionResolver? versions = request.AllVersions ? new VersionResolver(reader, merge) : null;
        bool isEnd = false;
        while (!isEnd && page.Room > 0)
        {
            if (merge.IsStarved && !await merge.FillAsync(page.Room, cancellationToken))
            {
                return ObjectError.ReadQuorumLost;
            }

            isEnd = !merge.MoveNext();
            if (!isEnd)
            {
                ObjectError error = versions is null
                    ? await AddCurrentAsync(request, merge, page, cancellationToken)
                    : await AddVersionsAsync(request, merge, page, versions, cancellationToken);
                if (error != ObjectError.None)
                {
                    return error;
                }
            }

            if (page.HasReads && (isEnd || page.Room == 0 || page.ReadsEnough))
            {
                ObjectError error = await page.FinishReadsAsync();
                if (error != ObjectError.None)
                {
                    return error;
                }
            }
        }

        return page.Build(isEnd || merge.IsEnd);
    }

    private async ValueTask<ObjectError> AddCurrentAsync(
        ListRequest request, RegisterMerge merge, RegisterPageBuilder page, CancellationToken cancellationToken)
    {
        int rolled = ListStart.CommonPrefixSize(request.Prefix.Span, request.Delimiter.Span, merge.Name.Span);
        if (!_current.TryResolve(merge, out RegisterValue? value))
        {
            if (rolled == 0)
            {
                page.Read(merge.Key, merge.Name, cancellationToken);
                merge.Pass();
                return ObjectError.None;
            }

            ObjectResult<ResolvedRegister> read = await reader.ReadAsync(
                merge.Key, null, withInline: false, cancellationToken);
            if (!read.IsOk)
            {
                return read.Error;
            }

            value = read.Value.Current;
        }

        if (value is not null)
        {
            page.Add(new RegisterRow(merge.Name, [value], IsCut: false));
        }

        if (rolled > 0)
        {
            LeavePrefix(merge, merge.Name, rolled, isEvident: value is not null);
        }
        else
        {
            merge.Pass();
        }

        return ObjectError.None;
    }

    private static async ValueTask<ObjectError> AddVersionsAsync(
        ListRequest request,
        RegisterMerge merge,
        RegisterPageBuilder page,
        VersionResolver versions,
        CancellationToken cancellationToken)
    {
        // One version is evidence enough for a common prefix.
        ReadOnlyMemory<byte> name = merge.Name;
        int rolled = ListStart.CommonPrefixSize(request.Prefix.Span, request.Delimiter.Span, name.Span);
        ObjectResult<RegisterRow> row = await versions.ResolveAsync(rolled > 0 ? 1 : page.Room, cancellationToken);
        if (!row.IsOk)
        {
            return row.Error;
        }

        bool isLive = row.Value.Values.Count > 0;
        if (isLive)
        {
            page.Add(row.Value);
        }

        if (rolled > 0)
        {
            LeavePrefix(merge, name, rolled, isLive);
        }

        return ObjectError.None;
    }

    private static void LeavePrefix(RegisterMerge merge, ReadOnlyMemory<byte> name, int rolled, bool isEvident)
    {
        ReadOnlyMemory<byte> prefix = name[..rolled];
        if (isEvident)
        {
            merge.SkipTo(RegisterNames.Behind(prefix.Span));
        }
        else
        {
            merge.LookInside(name, prefix);
        }
    }
}
