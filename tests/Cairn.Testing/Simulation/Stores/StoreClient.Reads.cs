using Cairn.Objects;
using Cairn.Objects.Data;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;
using Cairn.Testing.Histories;

namespace Cairn.Testing.Simulation.Stores;

/// <content>Gets and heads, of keys and of versions.</content>
internal sealed partial class StoreClient
{
    /// <summary>Reads a key whole, or a range of it.</summary>
    public async Task GetAsync(string key)
    {
        PendingOperation operation = _history.Begin(key, $"{name}: get", ObjectStep.ObserveContent(-1));
        (ObjectError error, ObjectDescription? seen) = await _store.CallAsync(store => ReadAsync(store, key, null));
        Count("get", error);
        EndRead(operation, "get", error, seen);
    }

    /// <summary>Reads a key whole when nothing is wrong any more: it must be served.</summary>
    public async Task AuditAsync(string key)
    {
        PendingOperation operation = _history.Begin(key, $"{name}: get", ObjectStep.ObserveContent(-1));
        (ObjectError error, ObjectDescription? seen) = await _store.CallAsync(store => ReadAsync(store, key, null));
        if (error is not (ObjectError.None or ObjectError.NoSuchKey))
        {
            throw _world.Fail($"{key} cannot be read in quiescence: {error}.");
        }

        EndRead(operation, "audit", error, seen);
    }

    private async Task<ObjectState?> DescribeAsync(string key)
    {
        PendingOperation operation = _history.Begin(key, $"{name}: head", ObjectStep.ObserveContent(-1));
        ObjectResult<ObjectDescription> result = await CallAsync(
            (store, cancel) => store.DescribeAsync(StoreWorkload.Bucket, key, null, cancel));
        Count("head", result.Error);
        EndRead(operation, "head", result.Error, result.Value);
        return result.IsOk ? workload.StateOf(result.Value!) : null;
    }

    private void EndRead(PendingOperation operation, string kind, ObjectError error, ObjectDescription? seen)
    {
        switch (error)
        {
            case ObjectError.None:
                operation.Succeed(ObjectStep.Observe(workload.StateOf(seen!)), workload.StateOf(seen!).ToString());
                break;
            case ObjectError.NoSuchKey:
                operation.Succeed(ObjectStep.Observe(ObjectState.Absent), "no such key");
                break;
            case ObjectError.OutcomeUnknown:
            case ObjectError.Conflict:
                throw _world.Fail($"{kind} answers {error}: a read changes nothing.");
            default:
                EndUnserved(operation, kind, error);
                break;
        }
    }

    private Task TouchVersionsAsync(string key)
    {
        if (!StoreWorkload.IsListingMissing && _random.Chance(0.3))
        {
            return ListVersionsAsync();
        }

        if (workload.Writes.Count == 0)
        {
            return Task.CompletedTask;
        }

        (VersionId version, int write) = workload.Writes.ElementAt(_random.Next(workload.Writes.Count));
        string owner = workload.KeyOf(write) ?? key;
        return _random.Chance(0.4) ? GetVersionAsync(owner, version, write) : DeleteVersionAsync(owner, version, write);
    }

    private async Task GetVersionAsync(string key, VersionId version, int write)
    {
        PendingOperation operation = _history.Begin(key, $"{name}: get version {write}", ObjectStep.ObserveContent(-1));
        (ObjectError error, ObjectDescription? seen) = await _store.CallAsync(store => ReadAsync(store, key, version));
        Count("get version", error);
        switch (error)
        {
            case ObjectError.None:
                operation.Succeed(ObjectStep.ObserveVersion(write, workload.ContentOf(seen!)), workload.StateOf(seen!).ToString());
                break;
            case ObjectError.NoSuchVersion:
            case ObjectError.VersionIsDeleteMarker:
                operation.Succeed(ObjectStep.ObserveVersion(write, 0), error.ToString());
                break;
            default:
                EndUnserved(operation, "get version", error);
                break;
        }
    }

    private async Task DeleteVersionAsync(string key, VersionId version, int write)
    {
        PendingOperation operation = _history.Begin(
            key, $"{name}: delete version {write}", ObjectStep.RemoveVersion(write));
        workload.Removals.TryAdd(write, operation.Start);
        ObjectResult<DeleteReceipt>? answer = await CallImpatientlyAsync(
            (store, cancel) => store.DeleteAsync(StoreWorkload.Bucket, key, version, null, cancel));
        if (answer is not { } result)
        {
            return;
        }

        Count("delete version", result.Error);
        if (result.IsOk)
        {
            operation.Succeed();
        }
        else
        {
            EndUnserved(operation, "delete version", result.Error);
        }
    }

    // Runs inside the store's process, as the request handler would.
    private async Task<(ObjectError Error, ObjectDescription? Seen)> ReadAsync(
        ObjectStore store, string key, VersionId? version)
    {
        ObjectResult<ObjectReader> opened = await store.OpenAsync(
            StoreWorkload.Bucket, key, version, CancellationToken.None);
        if (!opened.IsOk)
        {
            return (opened.Error, null);
        }

        await using ObjectReader reader = opened.Value;
        int content = workload.ContentOf(reader.Description);
        if (content != 0)
        {
            await CompareAsync(key, reader, workload.Contents[content]);
        }

        return (ObjectError.None, reader.Description);
    }

    private async Task CompareAsync(string key, ObjectReader reader, Content content)
    {
        int offset = _random.Chance(0.3) ? _random.Next(content.Bytes.Length + 1) : 0;
        int length = _random.Chance(0.3)
            ? _random.Next(content.Bytes.Length - offset + 1)
            : content.Bytes.Length - offset;
        // A read that its client has given up may end when the faults that it met are over.
        bool isLossExcused = workload.IsLossExcused();
        try
        {
            await new ObjectComparison(_world, _random, workload.Contents).CompareAsync(key, reader, content, offset, length);
        }
        catch (DataUnavailableException unavailable)
        {
            workload.ReportUnavailable(key, content.Id, unavailable, isLossExcused || workload.IsLossExcused());
        }
    }
}
