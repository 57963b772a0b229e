using Cairn.Client.Admin;
using Cairn.Client.S3;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Operation;

/// <summary>
/// A node whose clock is an hour ahead: named by everybody, not ready, and no better than others. Method: faketime moves
/// the wall clock of one process of four; a client with the same wrong time, whose signatures only that node accepts,
/// writes through it in turn with a client of the right time.
/// </summary>
public sealed class ClockSkewTests
{
    private const string FakeTime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
    private const string Bucket = "skewed";
    private const int Wrong = 3;
    private static readonly TimeSpan Skew = TimeSpan.FromHours(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData("+1h")]
    [InlineData("-1h")]
    public async Task Clock_an_hour_off_is_named_and_decides_no_order(string offset)
    {
        Assert.SkipUnless(File.Exists(FakeTime), "libfaketime is not installed.");
        await using ProcessCluster cluster = ProcessCluster.Prepare(4, 1, number => number != Wrong
            ? new Dictionary<string, string>()
            : new Dictionary<string, string>
            {
                ["LD_PRELOAD"] = FakeTime,
                ["FAKETIME"] = offset,
                // Timers keep their pace: a wrong clock is not a fast one.
                ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
                ["FAKETIME_NO_CACHE"] = "1",
            });
        ProcessNode wrong = cluster.Nodes[Wrong];
        wrong.Launch();
        await Task.WhenAll(cluster.Nodes.Where(node => node != wrong).Select(node => node.StartAsync()));

        await WaitForSkewAsync(wrong, isBlocking: true);
        foreach (ProcessNode node in cluster.Nodes.Where(node => node != wrong))
        {
            await WaitForSkewAsync(node, isBlocking: false);
        }

        await WriteInTurnAsync(cluster, wrong, offset[0] == '+' ? Skew : -Skew);
        await Task.WhenAll(cluster.Nodes.Select(WaitForLogAsync));
    }

    // The log names a clock after several measurements that agree, so later than readiness shows the first one.
    private static async Task WaitForLogAsync(ProcessNode node)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (node.CountInLog("ClockSkewed") == 0)
        {
            Assert.False(limit.IsCancellationRequested, node.LogTail);
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    private static async Task WaitForSkewAsync(ProcessNode node, bool isBlocking)
    {
        using var client = new AdminClient(OptionsOf(node, TimeSpan.Zero));
        using var limit = new CancellationTokenSource(Limit);
        string last = "no answer";
        while (!limit.IsCancellationRequested)
        {
            try
            {
                ReadinessReport report = await client.GetReadinessAsync(limit.Token);
                last = string.Join(" ", report.Reasons);
                if (report.Reasons.Any(reason => reason.Code == "clockSkew" && reason.IsBlocking == isBlocking))
                {
                    Assert.Equal(isBlocking, !report.IsReady);
                    return;
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        Assert.Fail($"Node {node.Port} does not name the clock (blocking: {isBlocking}): {last}\n{node.LogTail}");
    }

    private static async Task WriteInTurnAsync(ProcessCluster cluster, ProcessNode wrong, TimeSpan skew)
    {
        using var right = new S3Client(OptionsOf(cluster.Nodes[0], TimeSpan.Zero));
        using var other = new S3Client(OptionsOf(cluster.Nodes[1], TimeSpan.Zero));
        using var skewed = new S3Client(OptionsOf(wrong, skew));
        await right.CreateBucketAsync(Bucket, CancellationToken.None);
        for (int turn = 0; turn < 10; turn++)
        {
            foreach (S3Client writer in (S3Client[])[skewed, right])
            {
                byte[] body = Payload.Create(turn * 2 + (writer == right ? 1 : 0), 100);
                await writer.PutObjectAsync(Bucket, "k", body, CancellationToken.None);
                foreach (S3Client reader in (S3Client[])[other, skewed])
                {
                    using S3Object got = await reader.GetObjectAsync(Bucket, "k", range: null, CancellationToken.None);
                    using var buffer = new MemoryStream();
                    await got.Content.CopyToAsync(buffer);
                    Assert.Equal(body, buffer.ToArray());
                }
            }
        }
    }

    private static S3ClientOptions OptionsOf(ProcessNode node, TimeSpan skew) => new()
    {
        Endpoint = node.Endpoint,
        AccessKey = node.AccessKey,
        SecretKey = node.SecretKey,
        Time = new SkewedTime(skew),
    };

    private sealed class SkewedTime(TimeSpan skew) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + skew;
    }
}
