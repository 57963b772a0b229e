using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Crash;

/// <summary>Keys that all workers try to create at once with <c>If-None-Match: *</c>, across kills.</summary>
/// <remarks>
/// <para>Invariants: at most one creation of a key is ever acknowledged, and what it wrote stays. A creation without an
/// answer may have won, and until somebody is seen to have won, may still win.</para>
/// <para>Concurrency: any worker at any time; the lock guards the books, not the calls.</para>
/// </remarks>
internal sealed class CreationRace(CrashCounts counts)
{
    private const int AttemptsPerKey = 24;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _winners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _doubts = new(StringComparer.Ordinal);
    private int _attempts;

    /// <returns>False when the server did not answer.</returns>
    public async Task<bool> TryCreateAsync(AmazonS3Client client, byte[] body)
    {
        int round = Interlocked.Increment(ref _attempts) / AttemptsPerKey;
        string key = string.Create(CultureInfo.InvariantCulture, $"race/{round:D6}");
        var request = new PutObjectRequest
        {
            BucketName = CrashWorker.Bucket,
            Key = key,
            InputStream = new MemoryStream(body),
            IfNoneMatch = "*",
        };
        Attempt<PutObjectResponse> put = await Attempts.MakeAsync(() => client.PutObjectAsync(request));
        Record(key, Payload.Hash(body), put);
        return put.Outcome != Outcome.Unknown;
    }

    public IEnumerable<string> CreatedKeys => _winners.Keys;

    /// <summary>The keys that exist, or may.</summary>
    public IEnumerable<string> PossibleKeys => _winners.Keys.Union(_doubts.Keys);

    /// <summary>Reads all keys.</summary>
    public async Task VerifyAsync(AmazonS3Client client, string when)
    {
        foreach (string key in PossibleKeys.ToList())
        {
            KeyState seen = await CrashWorker.ReadAsync(client, CrashWorker.Bucket, key, null);
            counts.CountVerified();
            bool isWon = _winners.TryGetValue(key, out string? winner);
            bool isPossible = isWon
                ? seen.Hash == winner
                : seen.Hash is null || _doubts[key].Contains(seen.Hash);
            if (!isPossible)
            {
                throw new CrashViolationException($"{when}: {key} is {seen}, acknowledged was {winner?[..12] ?? "nothing"}");
            }

            if (seen.Hash is not null)
            {
                _winners[key] = seen.Hash;
                _doubts.Remove(key);
            }
        }
    }

    private void Record(string key, string hash, Attempt<PutObjectResponse> put)
    {
        lock (_lock)
        {
            switch (put.Outcome)
            {
                case Outcome.Acknowledged when !_winners.TryAdd(key, hash):
                    throw new CrashViolationException($"{key} was created twice.");
                case Outcome.Acknowledged:
                    counts.CountAcknowledged();
                    break;
                case Outcome.Refused when put.Code is not ("PreconditionFailed" or "ConditionalRequestConflict"):
                    throw new CrashViolationException($"The creation of {key} was refused with {put.Code}.");
                case Outcome.Refused:
                    counts.CountRefused();
                    break;
                case Outcome.Unknown when put.Code is not null:
                    throw new CrashViolationException($"The creation of {key} was answered with {put.Code}.");
                default:
                    counts.CountDoubtful();
                    (_doubts.TryGetValue(key, out HashSet<string>? doubts) ? doubts : _doubts[key] = []).Add(hash);
                    break;
            }
        }
    }
}
