using System.Text;
using Cairn.Client.S3;

namespace Cairn.Cli.Bench;

/// <summary>Removes what a run made, and nothing else.</summary>
internal static class BenchCleanup
{
    private const int DeletesAtOnce = 8;

    /// <summary>Deletes the workers' objects and, when the run made it, the bucket. Not cancelled by the user's stop.</summary>
    public static async Task RunAsync(
        S3Client client, BenchPlan plan, BenchWorker[] workers, bool isBucketOurs, BenchProgress progress)
    {
        long[] numbers = [.. workers.SelectMany(worker => worker.LiveObjects)];
        progress.Tell($"removing {numbers.Length} objects");
        var keys = new BenchKeys(plan.Prefix, plan.Folders);
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = DeletesAtOnce };
            await Parallel.ForEachAsync(numbers.Chunk(S3Client.MaxKeysPerDelete), options, async (chunk, cancellationToken) =>
            {
                string[] names = [.. chunk.Select(number => Name(keys, number))];
                await client.DeleteObjectsAsync(plan.Bucket, names, cancellationToken);
            });
            if (isBucketOurs)
            {
                await client.DeleteBucketAsync(plan.Bucket, CancellationToken.None);
            }
        }
        catch (Exception failure) when (failure is S3Exception or HttpRequestException)
        {
            // The figures are good all the same; the user must know what was left behind.
            await Console.Error.WriteLineAsync($"Objects may be left in {plan.Bucket}/{plan.Prefix}: {failure.Message}");
        }
    }

    private static string Name(BenchKeys keys, long number)
    {
        Span<byte> key = stackalloc byte[1_024];
        return Encoding.ASCII.GetString(key[..keys.Write(number, key)]);
    }
}
