using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Listing;
using Cairn.Objects.Multipart;
using Cairn.Objects.Versions;
using Cairn.Testing.Simulation.Stores.Mutations;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>A store and one client, for scenarios that are told step by step instead of drawn by seed.</summary>
internal sealed class StoreScenario
{
    public const string Bucket = "bucket";

    private readonly SimRandom _random;

    private StoreScenario(World world, int drives)
    {
        World = world;
        Store = new SimStore(world, StoreShape.Of(drives), StoreMutation.None);
        _random = SimRandom.Named(world.Seed, "scenario");
    }

    public World World { get; }

    public SimStore Store { get; }

    public Contents Contents { get; } = new();

    /// <summary>Runs the same steps under many schedules.</summary>
    public static void Run(int drives, Func<StoreScenario, Task> steps, int seeds = 20)
    {
        for (int seed = 0; seed < seeds; seed++)
        {
            var world = new World((ulong)seed);
            world.Run(async () =>
            {
                var scenario = new StoreScenario(world, drives);
                await scenario.Store.StartAsync();
                ObjectResult<BucketDescription> made = await scenario.Store.CallAsync(
                    store => store.CreateBucketAsync(Bucket, CancellationToken.None));
                _ = made.IsOk ? made : throw world.Fail($"The bucket cannot be made: {made.Error}.");
                await steps(scenario);
            });
        }
    }

    public async Task<ObjectError> PutAsync(string key, Content content, bool mustNotExist = false)
    {
        var request = new PutRequest
        {
            Bucket = Bucket,
            Key = key,
            Condition = mustNotExist ? new WriteCondition(true, null) : null,
        };
        using var body = new SimBody(World, _random, content, breaks: false);
        return (await Store.CallAsync(store => store.PutAsync(request, body, CancellationToken.None))).Error;
    }

    /// <summary>A multipart upload of these parts.</summary>
    public async Task<(ObjectError Error, Content Whole)> PutPartsAsync(string key, params IReadOnlyList<Content> parts)
    {
        var request = new PutRequest { Bucket = Bucket, Key = key };
        UploadDescription upload = Demand(await Store.CallAsync(
            store => store.CreateUploadAsync(request, null, null, CancellationToken.None)));
        for (int i = 0; i < parts.Count; i++)
        {
            int number = i + 1;
            using var body = new SimBody(World, _random, parts[i], breaks: false);
            Demand(await Store.CallAsync(store => store.PutPartAsync(
                Bucket, key, upload.UploadId, number, body, CancellationToken.None)));
        }

        var complete = new CompleteRequest
        {
            Bucket = Bucket,
            Key = key,
            UploadId = upload.UploadId,
            Parts = [.. parts.Select((part, i) => new CompletedPart(i + 1, part.ETag, null))],
        };
        ObjectError error = (await Store.CallAsync(
            store => store.CompleteUploadAsync(complete, CancellationToken.None))).Error;
        return (error, Contents.Join(parts));
    }

    private T Demand<T>(ObjectResult<T> result) => result.IsOk ? result.Value! : throw World.Fail(result.Error.ToString());

    /// <summary>The content of a key, read whole and compared byte by byte; null when there is none.</summary>
    public async Task<(ObjectError Error, Content? Content)> GetAsync(string key)
    {
        var reader = new ObjectComparison(World, _random, Contents);
        return await Store.CallAsync(store => reader.ReadAsync(store, Bucket, key));
    }

    /// <summary>The content that a listing shows of a key; null when it does not.</summary>
    public async Task<Content?> ListedAsync(string key)
    {
        ObjectPage page = Demand(await Store.CallAsync(
            store => store.ListAsync(new ObjectQuery { Bucket = Bucket, Prefix = key }, CancellationToken.None)));
        return page.Objects.FirstOrDefault(o => o.Key == key) is { } shown ? Contents.Find(shown.ETag) : null;
    }

    public async Task<ObjectError> DeleteAsync(string key) => (await Store.CallAsync(
        store => store.DeleteAsync(Bucket, key, null, null, CancellationToken.None))).Error;
}
