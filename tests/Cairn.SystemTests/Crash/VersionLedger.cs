using Amazon.S3;

namespace Cairn.SystemTests.Crash;

/// <summary>The acknowledged versions of one key: each of them has to stay, with its bytes.</summary>
/// <remarks>
/// Versions without an answer may appear as well; they are not checked, because nobody was told their ids.
/// Versions of earlier lives are read again at the end, and only the recent ones after each restart.
/// </remarks>
internal sealed class VersionLedger(string key)
{
    private const int RecentCount = 10;
    private readonly List<(string Version, string Hash)> _acknowledged = [];

    public string Key { get; } = key;

    public void Acknowledge(string version, string hash) => _acknowledged.Add((version, hash));

    public Task VerifyAsync(AmazonS3Client client, string bucket, string when, CrashCounts counts) =>
        VerifyAsync(client, bucket, when, counts, _acknowledged.TakeLast(RecentCount));

    public Task VerifyAllAsync(AmazonS3Client client, string bucket, string when, CrashCounts counts) =>
        VerifyAsync(client, bucket, when, counts, _acknowledged);

    private async Task VerifyAsync(
        AmazonS3Client client, string bucket, string when, CrashCounts counts, IEnumerable<(string Version, string Hash)> versions)
    {
        foreach ((string version, string hash) in versions)
        {
            KeyState seen = await CrashWorker.ReadAsync(client, bucket, Key, version);
            counts.CountVerified();
            if (seen.Hash != hash)
            {
                throw new CrashViolationException($"{when}: version {version} of {Key} is {seen}, acknowledged was {hash[..12]}");
            }
        }
    }
}
