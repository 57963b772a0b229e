using Cairn.Objects;
using Cairn.Objects.Versions;
using Cairn.Testing.Histories;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>One client: calls the store, one operation after the other, and records what it was told.</summary>
/// <remarks>
/// Purpose: conflicts and contradictions. Few keys, several clients, every kind of operation.
/// What it does not check itself: order. It records; the history's checker judges. Only what is wrong in any order
/// (bytes that nobody wrote, an error that makes no sense) fails here.
/// </remarks>
internal sealed partial class StoreClient(StoreWorkload workload, string name, StoreAccess? access = null)
{
    private readonly World _world = workload.World;
    private readonly StoreAccess _store = access ?? workload.Store;
    private readonly ObjectHistory _history = workload.History;
    private readonly SimRandom _random = SimRandom.Named(workload.World.Seed, "client " + name);

    public async Task RunAsync(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            await PauseAsync();
            try
            {
                await RunOneAsync();
            }
            catch (ProcessKilledException)
            {
                // What was in flight stays of unknown outcome in the history; the next call waits for the restart.
                workload.Outcomes.Count("any", "killed");
            }
        }
    }

    private Task RunOneAsync()
    {
        string key = _random.Pick(workload.Keys);
        int choice = _random.PickWeighted([24, 6, 8, 5, 20, 6, 10, 4, 4, 4, 5, 6, workload.IsVersioned ? 14 : 0]);
        return choice switch
        {
            0 => PutAsync(key, null),
            1 => PutAsync(key, new WriteCondition(true, null)),
            2 => PutIfCurrentAsync(key),
            3 => DeleteIfCurrentAsync(key),
            4 => GetAsync(key),
            5 => DescribeAsync(key),
            6 => DeleteAsync(key),
            7 => CopyAsync(key, _random.Pick(workload.Keys)),
            8 => SetTagsAsync(key),
            9 when !StoreWorkload.IsListingMissing => UploadAsync(key),
            10 when !StoreWorkload.IsListingMissing => ListAsync(delimiter: ""),
            11 when !StoreWorkload.IsListingMissing => ListAsync(delimiter: "/"),
            9 or 10 or 11 => GetAsync(key),
            _ => TouchVersionsAsync(key),
        };
    }

    private async Task PauseAsync()
    {
        int milliseconds = _random.PickWeighted(workload.IsHot ? [8, 4, 0, 0] : [4, 4, 2, 1]) switch
        {
            0 => 0,
            1 => _random.Next(5),
            2 => _random.Next(100),
            _ => _random.Next(3_000),
        };
        await _world.DelayAsync(TimeSpan.FromMilliseconds(milliseconds));
    }

    private Task<T> CallAsync<T>(Func<ObjectStore, CancellationToken, ValueTask<T>> call) =>
        _store.CallAsync(store => call(store, CancellationToken.None));

    /// <summary>Calls with a client that may lose patience; null: cancelled, so the outcome is unknown.</summary>
    private async Task<ObjectResult<T>?> CallImpatientlyAsync<T>(
        Func<ObjectStore, CancellationToken, ValueTask<ObjectResult<T>>> call)
    {
        if (!_random.Chance(0.03))
        {
            return await CallAsync(call);
        }

        using var patience = new CancellationTokenSource(
            _random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(10)), _world.Root.Time);
        try
        {
            return await _store.CallAsync(store => call(store, patience.Token));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            workload.Outcomes.Count("any", "cancelled");
            return null;
        }
    }

    /// <summary>Ends an operation whose error is the same for all: nothing happened, or nobody knows.</summary>
    private void EndUnserved(PendingOperation operation, string kind, ObjectError error)
    {
        switch (error)
        {
            case ObjectError.OutcomeUnknown:
                operation.LeaveUnknown();
                break;
            case ObjectError.Conflict:
            case ObjectError.ReadQuorumLost:
            case ObjectError.WriteQuorumLost:
            case ObjectError.StorageFull:
                operation.Fail();
                break;
            default:
                throw _world.Fail($"{kind} answers {error}, which makes no sense.");
        }
    }

    private void Count(string kind, ObjectError error) => workload.Outcomes.Count(kind, error.ToString());
}
