using Cairn.Objects;
using Cairn.Objects.Data;
using Cairn.Objects.Versions;
using Cairn.Testing.Histories;

namespace Cairn.Testing.Simulation.Stores;

/// <content>Puts, deletes, copies and tags.</content>
internal sealed partial class StoreClient
{
    private async Task PutAsync(string key, WriteCondition? condition, int expectedContent = 0)
    {
        Content content = workload.Contents.Create(_random.Pick(workload.Sizes));
        int write = workload.NextWrite();
        int tags = _random.Chance(0.2) ? write : 0;
        var written = new ObjectState(content.Id, write, tags);
        ObjectStep step = WriteStep(write, written, condition, expectedContent);
        string kind = condition is null ? "put" : condition.MustNotExist ? "put if absent" : "put if match";
        PendingOperation operation = _history.Begin(key, $"{name}: {kind} {content.Id} as {write} ({content.Bytes.Length} bytes)", step);
        var request = new PutRequest
        {
            Bucket = StoreWorkload.Bucket,
            Key = key,
            Metadata = StoreWorkload.MetadataOf(write),
            Tags = StoreWorkload.TagsOf(tags),
            Condition = condition,
        };
        using var body = new SimBody(_world, _random, content, breaks: _random.Chance(0.03));
        try
        {
            await EndWriteAsync(new Write(key, write, written, content, operation, kind, expectedContent), CallImpatientlyAsync(
                (store, cancel) => store.PutAsync(request, body, cancel)));
        }
        catch (BodyBrokenException)
        {
            workload.Outcomes.Count(kind, "broken off");
            operation.Fail();
        }
    }

    private async Task PutIfCurrentAsync(string key)
    {
        if (await DescribeAsync(key) is { } seen)
        {
            await PutAsync(key, new WriteCondition(false, [workload.Contents[seen.Content].ETag]), seen.Content);
        }
    }

    private async Task EndWriteAsync(Write write, Task<ObjectResult<PutReceipt>?> call)
    {
        if (workload.IsVersioned)
        {
            var version = new KeyVersion(write.Id, write.Written);
            workload.Undecided.Add(new UndecidedWrite(write.Key, version, IsMarker: false, write.Operation));
        }

        ObjectResult<PutReceipt>? answer;
        try
        {
            answer = await call;
        }
        catch (DataUnavailableException) when (write.Kind == "copy" && workload.IsLossExcused())
        {
            // In the middle of the source, so before anything of the copy was accepted.
            write.Operation.Fail();
            return;
        }

        if (answer is not { } result)
        {
            return;
        }

        Count(write.Kind, result.Error);
        switch (result.Error)
        {
            case ObjectError.None:
                CheckReceipt(write, result.Value!);
                write.Operation.Succeed();
                break;
            case ObjectError.PreconditionFailed:
                write.Operation.Succeed(ObjectStep.ObserveNot(write.ExpectedContent), "refused");
                break;
            // The source of a copy is gone, or is another one by now.
            case ObjectError.NoSuchKey when write.Kind == "copy":
                write.Operation.Fail();
                break;
            // Aborted, by the client itself, before the completion took hold.
            case ObjectError.NoSuchUpload when write.Kind == "complete":
                write.Operation.Fail();
                break;
            case ObjectError.NoSuchKey when write.ExpectedContent != 0:
                write.Operation.Succeed(ObjectStep.ObserveContent(0), "no such key");
                break;
            default:
                EndUnserved(write.Operation, write.Kind, result.Error);
                break;
        }
    }

    private void CheckReceipt(Write write, PutReceipt receipt)
    {
        Content content = write.Content;
        if (receipt.ETag != content.ETag || receipt.Size != content.Bytes.Length)
        {
            throw _world.Fail(
                $"{write.Key}: the receipt says {receipt.ETag}, {receipt.Size} bytes; "
                + $"written were {content.ETag}, {content.Bytes.Length}.");
        }

        if (workload.IsVersioned)
        {
            workload.Know(write.Key, receipt.Version, write.Id, content.Id);
        }
    }

    private ObjectStep WriteStep(int write, ObjectState written, WriteCondition? condition, int expectedContent)
    {
        var version = new KeyVersion(write, written);
        return (workload.IsVersioned, condition) switch
        {
            (false, null) => ObjectStep.Write(written),
            (false, { MustNotExist: true }) => ObjectStep.WriteIfAbsent(written),
            (false, _) => ObjectStep.WriteIfContent(expectedContent, written),
            (true, null) => ObjectStep.AddVersion(version, workload.Order),
            (true, { MustNotExist: true }) => ObjectStep.AddVersionIfAbsent(version, workload.Order),
            (true, _) => ObjectStep.AddVersionIfContent(expectedContent, version, workload.Order),
        };
    }

    private Task DeleteAsync(string key) => DeleteAsync(key, null, 0);

    private async Task DeleteIfCurrentAsync(string key)
    {
        if (await DescribeAsync(key) is { } seen)
        {
            await DeleteAsync(
                key, new WriteCondition(false, [workload.Contents[seen.Content].ETag]), seen.Content);
        }
    }

    private async Task DeleteAsync(string key, WriteCondition? condition, int expectedContent)
    {
        int write = workload.NextWrite();
        ObjectStep step = WriteStep(write, ObjectState.Absent, condition, expectedContent);
        string kind = condition is null ? "delete" : "delete if match";
        PendingOperation operation = _history.Begin(key, $"{name}: {kind}", step);
        if (workload.IsVersioned)
        {
            var marker = new KeyVersion(write, ObjectState.Absent);
            workload.Undecided.Add(new UndecidedWrite(key, marker, IsMarker: true, operation));
        }

        ObjectResult<DeleteReceipt>? answer = await CallImpatientlyAsync(
            (store, cancel) => store.DeleteAsync(StoreWorkload.Bucket, key, null, condition, cancel));
        if (answer is not { } result)
        {
            return;
        }

        Count(kind, result.Error);
        switch (result.Error)
        {
            case ObjectError.None:
                if (workload.IsVersioned)
                {
                    workload.Know(key, result.Value!.Version, write, content: 0);
                }

                operation.Succeed();
                break;
            case ObjectError.PreconditionFailed:
                operation.Succeed(ObjectStep.ObserveNot(expectedContent), "refused");
                break;
            case ObjectError.NoSuchKey when condition is not null:
                operation.Succeed(ObjectStep.ObserveContent(0), "no such key");
                break;
            default:
                EndUnserved(operation, kind, result.Error);
                break;
        }
    }

    private async Task CopyAsync(string source, string target)
    {
        if (await DescribeAsync(source) is not { } seen)
        {
            return;
        }

        Content original = workload.Contents[seen.Content];
        bool keepsBytes = source == target && !workload.IsVersioned;
        Content content = keepsBytes ? original : workload.Contents.Flatten(original);
        // The ETag pins the bytes of the source, not its metadata: a copy that took them along could not be told from
        // one of the same bytes under other metadata.
        int write = workload.NextWrite();
        var written = new ObjectState(content.Id, write, 0);
        ObjectStep step = workload.IsVersioned
            ? ObjectStep.AddVersion(new KeyVersion(write, written), workload.Order)
            : ObjectStep.Write(written);
        PendingOperation operation = _history.Begin(target, $"{name}: copy of {source} ({content.Id}) as {write}", step);
        var request = new CopyRequest
        {
            SourceBucket = StoreWorkload.Bucket,
            SourceKey = source,
            Destination = new PutRequest
            {
                Bucket = StoreWorkload.Bucket,
                Key = target,
                Metadata = StoreWorkload.MetadataOf(write),
            },
            ReplaceMetadata = true,
            ReplaceTags = true,
            ExpectedSourceETag = original.ETag,
        };
        await EndWriteAsync(
            new Write(target, write, written, content, operation, "copy", 0),
            CallImpatientlyAsync((store, cancel) => store.CopyAsync(request, cancel)));
    }

    private async Task SetTagsAsync(string key)
    {
        int tags = workload.NextWrite();
        PendingOperation operation = _history.Begin(key, $"{name}: tags {tags}", ObjectStep.SetTags(tags, null));
        ObjectResult<ObjectDescription>? answer = await CallImpatientlyAsync((store, cancel) =>
            store.SetTagsAsync(StoreWorkload.Bucket, key, null, StoreWorkload.TagsOf(tags), cancel));
        if (answer is not { } result)
        {
            return;
        }

        Count("tags", result.Error);
        switch (result.Error)
        {
            case ObjectError.None:
                ObjectState seen = workload.StateOf(result.Value!);
                operation.Succeed(ObjectStep.SetTags(tags, seen), "put on " + seen);
                break;
            case ObjectError.NoSuchKey:
                operation.Succeed(ObjectStep.ObserveContent(0), "no such key");
                break;
            default:
                EndUnserved(operation, "tags", result.Error);
                break;
        }
    }

    private sealed record Write(
        string Key,
        int Id,
        ObjectState Written,
        Content Content,
        PendingOperation Operation,
        string Kind,
        int ExpectedContent);
}
