using System.Collections.Frozen;

namespace Cairn.Api.S3.Routing;

/// <summary>
/// The one table of all operations of the S3 model: how a request selects one, and what it needs to be allowed.
/// </summary>
/// <remarks>
/// Invariants: every operation is here, also those that are not built; a request that selects no row is refused. What
/// a request means is decided here alone, so a sub-resource that nobody knows can never fall through to an operation
/// that overwrites an object or lists a bucket.
/// Concurrency: immutable.
/// </remarks>
internal static class OperationTable
{
    public static readonly OperationRow[] Rows =
        [.. ServiceOperations.Rows, .. BucketOperations.Rows, .. ObjectOperations.Rows];

    private static readonly FrozenDictionary<(ResourceLevel Level, string SubResource), OperationRow[]> ByResource =
        Rows.GroupBy(row => (row.Level, row.SubResource)).ToFrozenDictionary(
            group => group.Key,
            // The rows with a distinction first: the one without takes what is left.
            group => group.OrderBy(row => row.Distinction == Distinction.None).ToArray());

    private static readonly FrozenSet<string> SubResources =
        Rows.Select(row => row.SubResource).Where(name => name.Length > 0).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Parameters that may stand without a value and yet select nothing.</summary>
    private static readonly FrozenSet<string> PlainParameters = FrozenSet.Create(
        StringComparer.Ordinal,
        "annotationName",
        "annotation-prefix",
        "bucket-region",
        "continuation-token",
        "delimiter",
        "encoding-type",
        "fetch-owner",
        "id",
        "key-marker",
        "list-type",
        "marker",
        "max-buckets",
        "max-directory-buckets",
        "max-keys",
        "max-parts",
        "max-uploads",
        "metadata",
        "part-number-marker",
        "partNumber",
        "prefix",
        "select-type",
        "start-after",
        "upload-id-marker",
        "version-id-marker",
        "versionId");

    /// <summary>Selects the operation of a request.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="level">What the address names.</param>
    /// <param name="query">The request's query.</param>
    /// <param name="hasCopySource">The request names a source to copy.</param>
    public static OperationMatch Match(string method, ResourceLevel level, S3Query query, bool hasCopySource)
    {
        string subResource = "";
        foreach (KeyValuePair<string, string> parameter in query.Parameters)
        {
            if (!SubResources.Contains(parameter.Key))
            {
                if (parameter.Value.Length == 0 && IsSubResourceOfTheFuture(parameter.Key))
                {
                    return OperationMatch.UnknownSubResource;
                }

                continue;
            }

            if (subResource.Length > 0 && subResource != parameter.Key)
            {
                return OperationMatch.Conflicting(subResource, parameter.Key);
            }

            subResource = parameter.Key;
        }

        if (!ByResource.TryGetValue((level, subResource), out OperationRow[]? rows))
        {
            return OperationMatch.UnknownSubResource;
        }

        foreach (OperationRow row in rows)
        {
            if (row.Method == method && Applies(row.Distinction, query, hasCopySource))
            {
                return new OperationMatch(OperationMatchKind.Found, row);
            }
        }

        return OperationMatch.WrongMethod;
    }

    // A parameter with a value is one that this version does not know yet and may ignore; a bare word asks for an
    // operation on something else than the resource itself.
    private static bool IsSubResourceOfTheFuture(string name) =>
        !PlainParameters.Contains(name)
        && !name.StartsWith("x-", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith("response-", StringComparison.Ordinal);

    private static bool Applies(Distinction distinction, S3Query query, bool hasCopySource) => distinction switch
    {
        Distinction.CopySource => hasCopySource,
        Distinction.ListType2 => query.Find("list-type") == "2",
        Distinction.Named => query.Has("id") || query.Has("annotationName"),
        Distinction.DirectoryBuckets => query.Has("max-directory-buckets"),
        _ => true,
    };
}
