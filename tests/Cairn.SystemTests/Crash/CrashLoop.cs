using Amazon.S3;
using Amazon.S3.Model;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Crash;

/// <summary>Kills a node under mixed load again and again and holds it to everything it acknowledged.</summary>
/// <remarks>
/// <para>Each life: (1) the node starts and is ready; (2) everything is read back and compared with the ledgers, and
/// the listing with the keys; (3) all workers write; (4) SIGKILL at a random moment.</para>
/// <para>After the last life the node is stopped in good order and its drives are inspected offline.</para>
/// <para>Not covered: a power failure. SIGKILL leaves the page cache alive, so a missing fsync goes unnoticed here; the
/// simulator's drives lose unsynced writes.</para>
/// </remarks>
internal sealed class CrashLoop(ProcessNode node, int seed)
{
    private const int WorkerCount = 8;
    private const int ShortestLifeMs = 50;
    private const int LongestLifeMs = 1_200;

    private readonly Random _random = new(seed);

    public CrashCounts Counts { get; } = new();

    public TimeSpan LongestStart { get; private set; }

    public async Task RunAsync(int kills)
    {
        var race = new CreationRace(Counts);
        List<CrashWorker> workers =
            [.. Enumerable.Range(0, WorkerCount).Select(n => new CrashWorker(n, seed + n, Counts, race))];
        await CreateBucketsAsync();
        for (int kill = 1; kill <= kills; kill++)
        {
            await LiveAndDieAsync(workers);
            await node.StartAsync();
            LongestStart = node.StartDuration > LongestStart ? node.StartDuration : LongestStart;
            await VerifyAsync(workers, race, $"after kill {kill} (seed {seed})");
        }

        using AmazonS3Client client = Connect();
        await Task.WhenAll(workers.Select(w => w.VerifyVersionsAsync(client, "at the end")));
        await AbortUploadsAsync(client);
    }

    private async Task LiveAndDieAsync(List<CrashWorker> workers)
    {
        using AmazonS3Client client = Connect();
        using var stop = new CancellationTokenSource();
        List<Task> work = [.. workers.Select(w => w.WorkAsync(client, stop.Token))];
        // The moment of the kill is what varies; a life in which every worker found a violation ends early.
        await Task.WhenAny(Task.Delay(_random.Next(ShortestLifeMs, LongestLifeMs)), Task.WhenAll(work));
        await node.KillAsync();
        await stop.CancelAsync();
        await Task.WhenAll(work);
    }

    private async Task VerifyAsync(List<CrashWorker> workers, CreationRace race, string when)
    {
        using AmazonS3Client client = Connect();
        await Task.WhenAll(workers.Select(w => w.VerifyAsync(client, when)));
        await race.VerifyAsync(client, when);
        List<string> listed = await ListAsync(client);
        List<KeyLedger> ledgers = [.. workers.SelectMany(w => w.Keys)];
        IEnumerable<string> surplus = listed.Except(ledgers.Where(k => k.MayBePresent).Select(k => k.Key)).Except(race.PossibleKeys);
        IEnumerable<string> missing = ledgers.Where(k => k.IsPresent).Select(k => k.Key).Concat(race.CreatedKeys).Except(listed);
        if (surplus.Concat(missing).ToList() is { Count: > 0 } wrong)
        {
            throw new CrashViolationException(
                $"{when}: the listing differs: {string.Join("; ", ledgers.Where(k => wrong.Contains(k.Key)))}; "
                + $"not to be listed: {string.Join(", ", surplus)}; not listed: {string.Join(", ", missing)}");
        }

        Assert.Equal(listed.Order(StringComparer.Ordinal).Distinct(), listed);
    }

    private static async Task<List<string>> ListAsync(AmazonS3Client client)
    {
        List<string> listed = [];
        var request = new ListObjectsV2Request { BucketName = CrashWorker.Bucket, MaxKeys = 17 };
        ListObjectsV2Response page;
        do
        {
            page = await client.ListObjectsV2Async(request);
            listed.AddRange(page.S3Objects?.Select(o => o.Key) ?? []);
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
        return listed;
    }

    private async Task CreateBucketsAsync()
    {
        using AmazonS3Client client = Connect();
        await client.PutBucketAsync(CrashWorker.Bucket);
        await client.PutBucketAsync(CrashWorker.VersionedBucket);
        await client.PutBucketVersioningAsync(new PutBucketVersioningRequest
        {
            BucketName = CrashWorker.VersionedBucket,
            VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
        });
    }

    /// <summary>Uploads cut off by a kill are no orphans, but nobody will finish them.</summary>
    private static async Task AbortUploadsAsync(AmazonS3Client client)
    {
        ListMultipartUploadsResponse open;
        do
        {
            open = await client.ListMultipartUploadsAsync(CrashWorker.Bucket);
            foreach (MultipartUpload upload in open.MultipartUploads ?? [])
            {
                try
                {
                    await client.AbortMultipartUploadAsync(CrashWorker.Bucket, upload.Key, upload.UploadId);
                }
                catch (NoSuchUploadException)
                {
                    // A completion that was cut off by the kill has been finished since the listing.
                }
            }
        }
        while (open.IsTruncated == true);
    }

    private AmazonS3Client Connect() => S3Clients.Create(TestEndpoint.Of(node));
}
