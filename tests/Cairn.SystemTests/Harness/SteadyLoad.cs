using System.Collections.Concurrent;
using System.Diagnostics;
using Cairn.Client.S3;

namespace Cairn.SystemTests.Harness;

/// <summary>Clients that write and read without a pause, each its own keys, until they are stopped.</summary>
/// <remarks>
/// Every worker writes a key, reads it and compares it byte by byte. Nothing is retried and nothing is left out: what a
/// client would see is in the samples. Of a write that failed only the outcome is unknown, so its key is not read.
/// </remarks>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private const string Bucket = "steady";

    // Above what an orderly machine takes; a request that hangs must not hang the test.
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<LoadSample> _samples = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Stopwatch _clock = new();
    private readonly S3Client[] _clients;
    private readonly int _size;
    private Task _workers = Task.CompletedTask;

    private SteadyLoad(IEnumerable<TestEndpoint> targets, int size)
    {
        _size = size;
        _clients = [.. targets.Select(target => new S3Client(new S3ClientOptions
        {
            Endpoint = target.Address,
            AccessKey = target.AccessKey,
            SecretKey = target.SecretKey,
        }))];
    }

    /// <summary>Since the load began.</summary>
    public TimeSpan Now => _clock.Elapsed;

    /// <param name="targets">Workers are spread over them.</param>
    /// <param name="workers">Clients at once.</param>
    /// <param name="size">Of the objects, in bytes.</param>
    public static async Task<SteadyLoad> StartAsync(IReadOnlyList<TestEndpoint> targets, int workers, int size)
    {
        SteadyLoad load = new(targets, size);
        if (!await load._clients[0].HasBucketAsync(Bucket, CancellationToken.None))
        {
            await load._clients[0].CreateBucketAsync(Bucket, CancellationToken.None);
        }

        load._clock.Start();
        load._workers = Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(() => load.WorkAsync(worker))));
        return load;
    }

    /// <summary>What began in a stretch of time.</summary>
    public LoadSummary Between(TimeSpan from, TimeSpan to) =>
        new([.. _samples.Where(sample => sample.At >= from && sample.At < to)]);

    public LoadSummary Everything() => Between(TimeSpan.Zero, TimeSpan.MaxValue);

    /// <summary>Lets the requests under way end.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _workers;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Array.ForEach(_clients, client => client.Dispose());
        _stop.Dispose();
    }

    private async Task WorkAsync(int worker)
    {
        S3Client client = _clients[worker % _clients.Length];
        for (int round = 0; !_stop.IsCancellationRequested; round++)
        {
            // A few keys of its own, so that some are replaced and most are not.
            string key = $"{worker}/{round % 200}";
            byte[] body = Payload.Create((worker * 1_000_000) + round, _size);
            if (await MeasureAsync(isWrite: true, limit => client.PutObjectAsync(Bucket, key, body, limit)))
            {
                await MeasureAsync(isWrite: false, async limit =>
                {
                    using S3Object got = await client.GetObjectAsync(Bucket, key, range: null, limit);
                    using var buffer = new MemoryStream(_size);
                    await got.Content.CopyToAsync(buffer, limit);
                    if (!buffer.ToArray().AsSpan().SequenceEqual(body))
                    {
                        throw new InvalidDataException($"{key} came back with other bytes.");
                    }
                });
            }
        }
    }

    private async Task<bool> MeasureAsync(bool isWrite, Func<CancellationToken, Task> request)
    {
        TimeSpan began = _clock.Elapsed;
        string? failure = null;
        using var limit = new CancellationTokenSource(RequestLimit);
        try
        {
            await request(limit.Token);
        }
#pragma warning disable CA1031 // Whatever a client would see is an outcome here, and the test judges it.
        catch (Exception seen)
#pragma warning restore CA1031
        {
            failure = $"{seen.GetType().Name}: {seen.Message}";
        }

        _samples.Enqueue(new LoadSample(isWrite, began, _clock.Elapsed - began, failure));
        return failure is null;
    }
}
