using System.Diagnostics;
using System.Globalization;
using System.Text;
using Cairn.Drives;
using Cairn.Drives.Bays;
using Cairn.Drives.Os;
using Cairn.Drives.Registers;
using Cairn.Primitives;
using Cairn.Primitives.Ids;
using Cairn.Primitives.Scheduling;

namespace Cairn.Benchmarks.Drives;

/// <summary>64 writers that put each value on four drives at once, as the object layer does with 2+2.</summary>
internal sealed class DriveLoad : IAsyncDisposable
{
    private const int Writers = 64;
    private const int ShardBytes = 2048;
    private const int BodyBytes = 200;

    private static readonly BucketId Bucket = new(1);

    private readonly string _root;
    private readonly string[] _paths;
    private readonly OsDriveOptions _options;
    private readonly byte[] _shard = new byte[ShardBytes];
    private readonly byte[] _body = new byte[BodyBytes];
    private long _clock = 1L << 60;
    private int _keys;
    private int _step;

    private LocalDriveSet _set;

    private DriveLoad(string root, string[] paths, OsDriveOptions options, LocalDriveSet set)
    {
        _root = root;
        _paths = paths;
        _options = options;
        _set = set;
    }

    public int KeyCount => _keys;

    public static async Task<DriveLoad> StartAsync(string folder)
    {
        string root = Path.Combine(folder, "cairn-bench-drives-" + Environment.ProcessId);
        OsDriveOptions options = new()
        {
            Time = TimeProvider.System,
            Entropy = new Entropy(),
            Scheduler = new Scheduler(),
        };
        string[] paths = [.. Enumerable.Range(1, 4).Select(i => Path.Combine(root, "drive" + i))];
        return new DriveLoad(root, paths, options, await LocalDriveSet.OpenAsync(paths, options));
    }

    public async Task<(TimeSpan Close, TimeSpan Open)> ReopenAsync()
    {
        long started = Stopwatch.GetTimestamp();
        await _set.DisposeAsync();
        TimeSpan close = Stopwatch.GetElapsedTime(started);
        _set = await LocalDriveSet.OpenAsync(_paths, _options);
        return (close, Stopwatch.GetElapsedTime(started) - close);
    }

    /// <summary>New keys: accept on all drives, then commit on all drives. Counts both, on each drive.</summary>
    public Task<Rate> PutAsync(TimeSpan time) => RunAsync(time, () => PutAsync(Interlocked.Increment(ref _keys)));

    public Task<Rate> OverwriteAsync(TimeSpan time) =>
        RunAsync(time, () => PutAsync((int)(Interlocked.Increment(ref _clock) % 1000)));

    public Task<Rate> ReadAsync(int keys, TimeSpan time) => RunAsync(time, async () =>
    {
        int step = NextStep();
        DriveResult<RegisterView> view = await _set.Bays[step % 4].ReadAsync(
            Key(Scatter(step, keys) + 1), null, true, CancellationToken.None);
        return view is { IsOk: true, Value.HasInline: true } ? 1 : throw new InvalidOperationException("Not there.");
    });

    public Task<Rate> ListAsync(TimeSpan time) => RunAsync(
        time,
        async () =>
        {
            int step = NextStep();
            ListRequest request = new()
            {
                Space = RegisterSpace.Objects,
                Bucket = Bucket,
                From = Key(Scatter(step, Math.Max(1, _keys - 1000))).Name,
                Limit = 1000,
            };
            DriveResult<ListReply> reply = await _set.Bays[step % 4].ListAsync(request, CancellationToken.None);
            return reply.Value.Rows.Count;
        },
        workers: 4);

    public async ValueTask DisposeAsync()
    {
        await _set.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private static Task<Rate> RunAsync(TimeSpan time, Func<Task<int>> work, int workers = Writers) =>
        Rate.MeasureAsync(async () =>
        {
            long started = Stopwatch.GetTimestamp();
            long[] counts = await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
            {
                long count = 0;
                while (Stopwatch.GetElapsedTime(started) < time)
                {
                    count += await work();
                }

                return count;
            })));
            return counts.Sum();
        });

    private int NextStep() => Interlocked.Increment(ref _step);

    private static int Scatter(int step, int count) => (int)(step * 7919L % count);

    private static RegisterKey Key(int number) => RegisterKey.Of(
        RegisterSpace.Objects,
        Bucket,
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"folder/object-{number:D9}")));

    private async Task<int> PutAsync(int number)
    {
        RegisterKey key = Key(number);
        Ballot ballot = new((ulong)Interlocked.Increment(ref _clock), 1);
        RegisterEntry entry = new()
        {
            Slot = VersionId.Null,
            Birth = ballot,
            Ballot = ballot,
            Body = _body,
            Data = [new DataId(ballot.Clock, ballot.Clock * 0x9e3779b97f4a7c15)],
        };
        int writes = await OnAllAsync(async bay =>
        {
            DriveResult<AcceptReply> reply = await bay.AcceptAsync(
                new AcceptRequest(key, entry, _shard, HasInline: true), CancellationToken.None);
            return reply.IsOk;
        });
        CommitRequest commit = new(key, entry.Slot, entry.Ballot, []);
        return writes + await OnAllAsync(
            async bay => await bay.CommitAsync(commit, CancellationToken.None) == DriveFault.None);
    }

    private async Task<int> OnAllAsync(Func<DriveBay, Task<bool>> call)
    {
        Task<bool>[] calls = new Task<bool>[_set.Bays.Count];
        for (int i = 0; i < calls.Length; i++)
        {
            calls[i] = call(_set.Bays[i]);
        }

        bool[] done = await Task.WhenAll(calls);
        return done.All(ok => ok) ? calls.Length : throw new InvalidOperationException("A drive failed.");
    }

    private sealed class Entropy : IEntropy
    {
        public void Fill(Span<byte> destination) =>
            System.Security.Cryptography.RandomNumberGenerator.Fill(destination);
    }

    private sealed class Scheduler : IWorkScheduler
    {
        public Task RunAsync(Action work) => Task.Run(work);

        public void Start(Func<Task> work) => _ = Task.Run(work);
    }
}
