using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Versions;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>The beginning and the end of a run: the bucket, and the reading of everything when all is quiet again.</summary>
internal sealed class StoreAudit(StoreWorkload workload)
{
    private const int MostAttempts = 5;

    public async Task CreateBucketAsync()
    {
        // Nodes that look after what seems to lack a write may be in the way of the first ones.
        ObjectError error = ObjectError.OutcomeUnknown;
        for (int attempt = 0; attempt < MostAttempts && error is ObjectError.OutcomeUnknown; attempt++)
        {
            error = await TryCreateBucketAsync();
        }

        if (error != ObjectError.None)
        {
            throw workload.World.Fail($"The bucket cannot be made: {error}.");
        }
    }

    private async Task<ObjectError> TryCreateBucketAsync()
    {
        ObjectResult<BucketDescription> made = await workload.Store.CallAsync(
            store => store.CreateBucketAsync(StoreWorkload.Bucket, CancellationToken.None));
        if (workload.IsVersioned && (made.IsOk || made.Error == ObjectError.BucketAlreadyExists))
        {
            made = await workload.Store.CallAsync(store => store.UpdateBucketAsync(
                StoreWorkload.Bucket, b => b with { Versioning = BucketVersioning.Enabled }, CancellationToken.None));
        }

        return made.Error == ObjectError.BucketAlreadyExists ? ObjectError.None : made.Error;
    }

    /// <summary>Reads everything, in quiescence: every read must be served.</summary>
    public async Task ReadAllAsync(string name, StoreAccess? through = null)
    {
        var auditor = new StoreClient(workload, name, through);
        foreach (string key in workload.Keys)
        {
            await auditor.AuditAsync(key);
        }
    }

    /// <summary>Versions of unknown outcome: after all faults, the store shows which ones there are.</summary>
    public async Task DecideAsync()
    {
        if (!workload.IsVersioned || StoreWorkload.IsListingMissing)
        {
            return;
        }

        IReadOnlyList<ObjectDescription> versions =
            await new StoreClient(workload, "judge").ListVersionsAsync(limit: 1000)
            ?? throw workload.World.Fail("Versions cannot be listed in quiescence.");
        HashSet<int> writes = [];
        foreach (ObjectDescription version in versions.Where(v => !v.IsDeleteMarker))
        {
            // Listings show no metadata, which is where a version says whose it is.
            ObjectResult<ObjectDescription> described = await workload.Store.CallAsync(store =>
                store.DescribeAsync(StoreWorkload.Bucket, version.Key, version.Version, CancellationToken.None));
            int write = described.IsOk
                ? StoreWorkload.WriteOf(described.Value!)
                : throw workload.World.Fail($"A listed version of {version.Key} cannot be described: {described.Error}.");
            writes.Add(write);
            workload.Order.Know(write, version.Version);
        }

        long end = workload.History.Tick();
        foreach (UndecidedWrite undecided in workload.Undecided.Where(u => u.Operation.IsUnknown))
        {
            if (!undecided.IsMarker)
            {
                undecided.Decide(writes.Contains(undecided.Write), workload.Order, end);
            }
        }

        // Markers look alike: only when there is none, or one that only one write can have made, is it known which.
        foreach (IGrouping<string, UndecidedWrite> markers in workload.Undecided
            .Where(u => u.IsMarker && u.Operation.IsUnknown).GroupBy(u => u.Key))
        {
            ObjectDescription[] strangers = [.. versions.Where(
                v => v.IsDeleteMarker && v.Key == markers.Key && !workload.Writes.ContainsKey(v.Version))];
            if (strangers.Length == 0 || (strangers.Length == 1 && markers.Count() == 1))
            {
                foreach (UndecidedWrite marker in markers)
                {
                    if (strangers.Length == 1)
                    {
                        workload.Order.Know(marker.Write, strangers[0].Version);
                    }

                    marker.Decide(strangers.Length == 1, workload.Order, end);
                }
            }
        }
    }

    /// <summary>Whether there is an order that explains every answer.</summary>
    public void Conclude()
    {
        if ((new VersionAudit(workload).Complete() ?? workload.History.FindViolation()) is { } violation)
        {
            throw workload.World.Fail(violation);
        }
    }
}
