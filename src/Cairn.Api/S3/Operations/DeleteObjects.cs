using Cairn.Api.S3.Bodies;
using Cairn.Api.S3.Conditions;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Xml;
using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;

namespace Cairn.Api.S3.Operations;

internal static class DeleteObjects
{
    /// <summary>S3's limit.</summary>
    private const int MaxKeys = 1000;

    /// <summary>
    /// Deletes at once: enough for them to share the drives' syncs, too few to crowd out other requests.
    /// </summary>
    private const int Concurrency = 32;

    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        if (call.Signature.Identity.Kind == Security.Identities.IdentityKind.Anonymous)
        {
            return S3Error.AccessDenied;
        }

        ObjectResult<BucketDescription> bucket = await call.Store.GetBucketAsync(call.Bucket, call.Cancellation);
        if (!bucket.IsOk)
        {
            return bucket.Error.ToS3();
        }

        ReadOnlyMemory<byte> document = await BufferedBody.ReadAsync(call, needsIntegrity: true);
        if (document.IsEmpty)
        {
            return S3Error.MissingRequestBody;
        }

        XmlElement delete = XmlInput.Parse(document, "Delete");
        bool isQuiet = string.Equals(delete.ChildText("Quiet")?.Trim(), "true", StringComparison.OrdinalIgnoreCase);
        Entry[] entries = [.. delete.ChildrenNamed("Object").Select(Entry.Parse)];
        if (entries.Length is 0 or > MaxKeys)
        {
            return S3Error.MalformedXml;
        }

        await Parallel.ForEachAsync(
            entries,
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = call.Cancellation },
            async (entry, _) => await DeleteAsync(call, entry));

        using var xml = new XmlOutput();
        Render(xml, entries, isQuiet);
        await xml.RespondAsync(call);
        return null;
    }

    private static async ValueTask DeleteAsync(S3Call call, Entry entry)
    {
        entry.Error ??= ObjectKey.Check(entry.Key)
            ?? call.Authorize(
                entry.Version is null ? "s3:DeleteObject" : "s3:DeleteObjectVersion", call.Bucket, entry.Key);
        if (entry.Error is not null)
        {
            return;
        }

        ObjectResult<DeleteReceipt> result = await call.Store.DeleteAsync(
            call.Bucket, entry.Key, entry.Version, entry.Condition, call.Cancellation);
        entry.Receipt = result.Value;
        entry.Error = result.IsOk ? null : result.Error.ToS3();
    }

    private static void Render(XmlOutput xml, Entry[] entries, bool isQuiet)
    {
        xml.OpenResult("DeleteResult"u8);
        foreach (Entry entry in entries)
        {
            if (entry.Error is { } error)
            {
                xml.Open("Error"u8);
                xml.Element("Key"u8, entry.Key);
                xml.ElementIfAny("VersionId"u8, entry.VersionText);
                xml.Element("Code"u8, error.Code);
                xml.Element("Message"u8, error.Message);
                xml.Close("Error"u8);
            }
            else if (!isQuiet)
            {
                RenderDeleted(xml, entry, entry.Receipt!);
            }
        }

        xml.Close("DeleteResult"u8);
    }

    private static void RenderDeleted(XmlOutput xml, Entry entry, DeleteReceipt receipt)
    {
        xml.Open("Deleted"u8);
        xml.Element("Key"u8, entry.Key);
        xml.ElementIfAny("VersionId"u8, entry.VersionText);
        if (receipt.IsDeleteMarker)
        {
            xml.Element("DeleteMarker"u8, true);
            xml.Element("DeleteMarkerVersionId"u8, receipt.Version.ToString());
        }

        xml.Close("Deleted"u8);
    }

    /// <summary>One object of the request, and what became of it.</summary>
    private sealed class Entry
    {
        public required string Key { get; init; }

        /// <summary>As the client wrote it.</summary>
        public string? VersionText { get; init; }

        public VersionId? Version { get; private init; }

        public WriteCondition? Condition { get; private init; }

        public DeleteReceipt? Receipt { get; set; }

        public S3Error? Error { get; set; }

        public static Entry Parse(XmlElement element)
        {
            string key = element.ChildText("Key") ?? throw new S3Exception(S3Error.MalformedXml);
            if (key.Length == 0)
            {
                throw new S3Exception(S3Error.MalformedXml);
            }

            string? versionText = element.ChildText("VersionId") is { Length: > 0 } text ? text : null;
            VersionId version = default;
            bool isUnknown = versionText is not null && !VersionId.TryParse(versionText, out version);
            S3Error? error = WriteConditions.TryParseDelete(
                element.ChildText("ETag"),
                element.ChildText("LastModifiedTime"),
                element.ChildText("Size"),
                out WriteCondition? condition);
            return new Entry
            {
                Key = key,
                VersionText = versionText,
                Version = versionText is null ? null : version,
                Condition = condition,
                Error = isUnknown ? S3Error.NoSuchVersion : error,
            };
        }
    }
}
