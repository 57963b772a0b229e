using Cairn.Objects;
using Cairn.Objects.Multipart;
using Cairn.Objects.Versions;
using Cairn.Testing.Histories;

namespace Cairn.Testing.Simulation.Stores;

/// <content>Multipart uploads: a few parts, some replaced, then a completion or an abort, sometimes both.</content>
internal sealed partial class StoreClient
{
    private async Task UploadAsync(string key)
    {
        int write = workload.NextWrite();
        var request = new PutRequest
        {
            Bucket = StoreWorkload.Bucket,
            Key = key,
            Metadata = StoreWorkload.MetadataOf(write),
        };
        ObjectResult<UploadDescription> created = await CallAsync(
            (store, cancel) => store.CreateUploadAsync(request, null, null, cancel));
        Count("create upload", created.Error);
        if (!created.IsOk)
        {
            return;
        }

        string upload = created.Value.UploadId;
        var parts = new List<(int Number, Content Content)>();
        int count = _random.Pick(workload.PartCounts);
        for (int i = 0; i < count; i++)
        {
            // Numbers need not be dense.
            int number = (i * 2) + 1;
            if (await PutPartAsync(key, upload, number) is not { } part)
            {
                await AbortAsync(key, upload);
                return;
            }

            parts.Add((number, part));
        }

        await EndUploadAsync(key, upload, write, parts);
    }

    private async Task EndUploadAsync(
        string key, string upload, int write, List<(int Number, Content Content)> parts)
    {
        switch (_random.PickWeighted([7, 1, 1]))
        {
            case 0:
                await CompleteAsync(key, upload, write, parts);
                break;
            case 1:
                await AbortAsync(key, upload);
                break;
            default:
                await Task.WhenAll(CompleteAsync(key, upload, write, parts), AbortAsync(key, upload));
                break;
        }
    }

    private async Task<Content?> PutPartAsync(string key, string upload, int number)
    {
        Content content = workload.Contents.Create(_random.Pick(workload.PartSizes));
        using var body = new SimBody(_world, _random, content, breaks: _random.Chance(0.03));
        try
        {
            ObjectResult<ObjectPart> put = await CallAsync((store, cancel) =>
                store.PutPartAsync(StoreWorkload.Bucket, key, upload, number, body, cancel));
            Count("put part", put.Error);
            return put.IsOk ? content : null;
        }
        catch (BodyBrokenException)
        {
            workload.Outcomes.Count("put part", "broken off");
            return null;
        }
    }

    private async Task CompleteAsync(
        string key, string upload, int write, List<(int Number, Content Content)> parts)
    {
        Content whole = workload.Contents.Join([.. parts.Select(p => p.Content)]);
        var written = new ObjectState(whole.Id, write, 0);
        PendingOperation operation = _history.Begin(
            key, $"{name}: complete {whole.Id} as {write} ({whole.Bytes.Length} bytes)", WriteStep(write, written, null, 0));
        var request = new CompleteRequest
        {
            Bucket = StoreWorkload.Bucket,
            Key = key,
            UploadId = upload,
            Parts = [.. parts.Select(p => new CompletedPart(p.Number, p.Content.ETag, null))],
        };
        await EndWriteAsync(
            new Write(key, write, written, whole, operation, "complete", 0),
            CallImpatientlyAsync((store, cancel) => store.CompleteUploadAsync(request, cancel)));
    }

    private async Task AbortAsync(string key, string upload)
    {
        ObjectError error = await CallAsync(
            (store, cancel) => store.AbortUploadAsync(StoreWorkload.Bucket, key, upload, cancel));
        Count("abort", error);
    }
}
