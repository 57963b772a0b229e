using System.Text;
using Cairn.Objects;
using Cairn.Objects.Listing;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;

namespace Cairn.Testing.Simulation.Stores;

/// <content>Listings. Each page is a read of every key that it covers, within the time of its call.</content>
internal sealed partial class StoreClient
{
    /// <summary>Lists the whole bucket in pages.</summary>
    public async Task ListAsync(string delimiter)
    {
        string after = "";
        int limit = _random.Pick([1, 2, 3, 1000]);
        while (true)
        {
            long start = _history.Tick();
            var query = new ObjectQuery { Bucket = StoreWorkload.Bucket, Delimiter = delimiter, After = after, Limit = limit };
            ObjectResult<ObjectPage> result = await CallAsync((store, cancel) => store.ListAsync(query, cancel));
            Count("list", result.Error);
            if (!result.IsOk)
            {
                AssertListingError(result.Error);
                return;
            }

            ObjectPage page = result.Value;
            RecordPage(page, after, delimiter, start);
            if (page.Next is null)
            {
                return;
            }

            if (ByteOrder(page.Next, after) <= 0)
            {
                throw _world.Fail($"A listing goes back from {after} to {page.Next}.");
            }

            after = page.Next;
        }
    }

    private void RecordPage(ObjectPage page, string after, string delimiter, long start)
    {
        long end = _history.Tick();
        var shown = page.Objects.ToDictionary(o => o.Key, workload.ContentOf, StringComparer.Ordinal);
        for (int i = 1; i < page.Objects.Count; i++)
        {
            if (ByteOrder(page.Objects[i - 1].Key, page.Objects[i].Key) >= 0)
            {
                throw _world.Fail("A listing is out of order: " + page.Objects[i].Key);
            }
        }

        foreach (string key in workload.Keys)
        {
            bool isRolledUp = delimiter.Length > 0 && key.Contains(delimiter, StringComparison.Ordinal);
            bool isCovered = ByteOrder(key, after) > 0 && (page.Next is null || ByteOrder(key, page.Next) <= 0);
            if (isCovered && !isRolledUp)
            {
                _history.Listed(key, shown.GetValueOrDefault(key), start, end);
            }

            shown.Remove(key);
        }

        if (shown.Count > 0)
        {
            throw _world.Fail("A listing shows a key that nobody wrote: " + shown.Keys.First());
        }
    }

    /// <summary>Lists all versions of the bucket in pages.</summary>
    /// <returns>Everything listed; null when it could not be served.</returns>
    public async Task<IReadOnlyList<ObjectDescription>?> ListVersionsAsync(int? limit = null)
    {
        var all = new List<ObjectDescription>();
        var query = new VersionQuery { Bucket = StoreWorkload.Bucket, Limit = limit ?? _random.Pick([1, 2, 5, 1000]) };
        while (true)
        {
            long start = _history.Tick();
            VersionQuery asked = query;
            ObjectResult<VersionPage> result = await CallAsync((store, cancel) => store.ListVersionsAsync(asked, cancel));
            Count("list versions", result.Error);
            if (!result.IsOk)
            {
                AssertListingError(result.Error);
                return null;
            }

            RecordVersions(result.Value, asked, start);
            all.AddRange(result.Value.Versions);
            if (result.Value.NextKey is not { } next)
            {
                return all;
            }

            query = query with { AfterKey = next, AfterVersion = result.Value.NextVersion };
        }
    }

    private void RecordVersions(VersionPage page, VersionQuery query, long start)
    {
        long end = _history.Tick();
        ILookup<string, ObjectDescription> byKey = page.Versions.ToLookup(v => v.Key, StringComparer.Ordinal);
        foreach (string key in workload.Keys)
        {
            // A key whose versions are spread over pages was read at several times: nothing to be said about it as a whole.
            bool isWholeAtStart = ByteOrder(key, query.AfterKey) > 0;
            bool isWholeAtEnd = page.NextKey is null || ByteOrder(key, page.NextKey) < 0;
            if (isWholeAtStart && isWholeAtEnd)
            {
                workload.Listings.Add(new VersionListing(
                    key, $"{name}: listing", [.. byKey[key].Select(v => v.Version)], start, end));
                AssertContents(byKey[key]);
                AssertLatestFirst(key, byKey[key]);
            }
        }
    }

    private void AssertContents(IEnumerable<ObjectDescription> versions)
    {
        foreach (ObjectDescription version in versions)
        {
            int content = workload.ContentOf(version);
            if (workload.Writes.TryGetValue(version.Version, out int write) && workload.ContentOfWrite(write) != content)
            {
                throw _world.Fail($"A listing shows version {write} of {version.Key} with content {content}.");
            }
        }
    }

    private void AssertLatestFirst(string key, IEnumerable<ObjectDescription> versions)
    {
        VersionId? previous = null;
        foreach (ObjectDescription version in versions)
        {
            if (version.IsLatest != previous is null)
            {
                throw _world.Fail($"The latest version of {key} is not the first one listed, or not marked.");
            }

            if (previous is { } newer && !newer.IsNull && !version.Version.IsNull && version.Version.Birth >= newer.Birth)
            {
                throw _world.Fail($"The versions of {key} are listed out of order.");
            }

            previous = version.Version;
        }
    }

    private void AssertListingError(ObjectError error)
    {
        if (error != ObjectError.ReadQuorumLost)
        {
            throw _world.Fail($"A listing answers {error}, which makes no sense.");
        }
    }

    private static int ByteOrder(string left, string right) =>
        Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
}
