using Amazon.S3;
using Amazon.S3.Model;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Crash;

/// <summary>One writer with keys of its own: random operations until the server is gone, then checks after it is back.</summary>
/// <remarks>
/// <para>Purpose: covers every path that makes something durable: inline and sharded puts, multipart, overwrite, copy,
/// delete, conditional put, and versions.</para>
/// <para>Invariants: every call ends up in a ledger as acknowledged, refused or doubtful.</para>
/// <para>Concurrency: one operation at a time; many workers run beside each other.</para>
/// </remarks>
internal sealed class CrashWorker(int number, int seed, CrashCounts counts, CreationRace race)
{
    public const string Bucket = "crash";
    public const string VersionedBucket = "crash-versioned";

    private const int KeyCount = 12;
    private const int PartSize = 5 << 20;

    private readonly Random _random = new(seed);
    private readonly List<KeyLedger> _keys =
        [.. Enumerable.Range(0, KeyCount).Select(n => new KeyLedger($"worker{number}/key {n}"))];
    private readonly VersionLedger _versions = new($"worker{number}/versions");
    private int _bodies;

    /// <summary>Works until <paramref name="stop"/> or until the server no longer answers.</summary>
    public async Task WorkAsync(AmazonS3Client client, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && await StepAsync(client))
        {
        }
    }

    /// <summary>Reads everything back and settles the doubts.</summary>
    public async Task VerifyAsync(AmazonS3Client client, string when)
    {
        foreach (KeyLedger ledger in _keys)
        {
            Observe(ledger, await ReadAsync(client, Bucket, ledger.Key, null), when);
        }

        await _versions.VerifyAsync(client, VersionedBucket, when, counts);
    }

    /// <summary>Reads every version that was ever acknowledged.</summary>
    public Task VerifyVersionsAsync(AmazonS3Client client, string when) =>
        _versions.VerifyAllAsync(client, VersionedBucket, when, counts);

    public IReadOnlyList<KeyLedger> Keys => _keys;

    /// <returns>False when the server did not answer.</returns>
    private async Task<bool> StepAsync(AmazonS3Client client)
    {
        KeyLedger ledger = _keys[_random.Next(_keys.Count)];
        return _random.Next(100) switch
        {
            < 30 => await PutAsync(client, ledger, _random.Next(8_000)),
            < 40 => await PutAsync(client, ledger, _random.Next(50_000, 400_000)),
            < 45 => await PutAsync(client, ledger, _random.Next(1_000_000, 4_000_000)),
            < 48 => await MultipartAsync(client, ledger),
            < 58 => await DeleteAsync(client, ledger),
            < 68 => await CopyAsync(client, ledger),
            < 80 => await ConditionalPutAsync(client, ledger),
            < 86 => await PutVersionAsync(client),
            < 92 => await race.TryCreateAsync(client, NextBody(_random.Next(1, 3_000))),
            _ => await CheckAsync(client, ledger),
        };
    }

    private async Task<bool> PutAsync(AmazonS3Client client, KeyLedger ledger, int size)
    {
        byte[] body = NextBody(size);
        Attempt<PutObjectResponse> put = await Attempts.MakeAsync(() => client.PutObjectAsync(PutRequest(ledger, body)));
        return Record(ledger, put, KeyState.OfBody(body, put.Value?.ETag));
    }

    private async Task<bool> ConditionalPutAsync(AmazonS3Client client, KeyLedger ledger)
    {
        if (ledger.Known is not { } known || (known.IsPresent && known.ETag is null))
        {
            return await CheckAsync(client, ledger);
        }

        byte[] body = NextBody(_random.Next(20_000));
        PutObjectRequest request = PutRequest(ledger, body);
        bool isMet = _random.Next(3) > 0;
        // A condition that is met changes the object; one that is not has to change nothing, whatever else happens.
        if (known.IsPresent && isMet)
        {
            request.IfMatch = known.ETag;
        }
        else if (known.IsPresent || isMet)
        {
            request.IfNoneMatch = "*";
        }
        else
        {
            request.IfMatch = "\"0123456789abcdef0123456789abcdef\"";
        }

        Attempt<PutObjectResponse> put = await Attempts.MakeAsync(() => client.PutObjectAsync(request));
        if ((put.Outcome == Outcome.Acknowledged && !isMet) || (put.Outcome == Outcome.Refused && isMet))
        {
            throw new CrashViolationException(
                $"A conditional put of {ledger.Key}, known to be {known}, was {put.Outcome} {put.Code}.");
        }

        return isMet
            ? Record(ledger, put, KeyState.OfBody(body, put.Value?.ETag))
            : put.Outcome != Outcome.Unknown;
    }

    private async Task<bool> MultipartAsync(AmazonS3Client client, KeyLedger ledger)
    {
        byte[] body = NextBody(PartSize + _random.Next(1, 1_000_000));
        Attempt<InitiateMultipartUploadResponse> start = await Attempts.MakeAsync(() =>
            client.InitiateMultipartUploadAsync(Bucket, ledger.Key));
        if (start.Value is not { } upload)
        {
            return start.Outcome != Outcome.Unknown;
        }

        var complete = new CompleteMultipartUploadRequest { BucketName = Bucket, Key = ledger.Key, UploadId = upload.UploadId };
        for (int part = 1; part <= 2; part++)
        {
            int offset = (part - 1) * PartSize;
            var request = new UploadPartRequest
            {
                BucketName = Bucket,
                Key = ledger.Key,
                UploadId = upload.UploadId,
                PartNumber = part,
                InputStream = new MemoryStream(body, offset, Math.Min(PartSize, body.Length - offset)),
            };
            Attempt<UploadPartResponse> sent = await Attempts.MakeAsync(() => client.UploadPartAsync(request));
            if (sent.Value is null)
            {
                return sent.Outcome != Outcome.Unknown;
            }

            complete.AddPartETags(sent.Value);
        }

        Attempt<CompleteMultipartUploadResponse> done = await Attempts.MakeAsync(() => client.CompleteMultipartUploadAsync(complete));
        return Record(ledger, done, KeyState.OfBody(body, done.Value?.ETag));
    }

    private async Task<bool> DeleteAsync(AmazonS3Client client, KeyLedger ledger) =>
        Record(ledger, await Attempts.MakeAsync(() => client.DeleteObjectAsync(Bucket, ledger.Key)), KeyState.Absent);

    private async Task<bool> CopyAsync(AmazonS3Client client, KeyLedger target)
    {
        KeyLedger source = _keys[_random.Next(_keys.Count)];
        if (source == target || source.Known is not { IsPresent: true } state)
        {
            return true;
        }

        Attempt<CopyObjectResponse> copy = await Attempts.MakeAsync(() =>
            client.CopyObjectAsync(Bucket, source.Key, Bucket, target.Key));
        return Record(target, copy, state with { ETag = copy.Value?.ETag });
    }

    private async Task<bool> PutVersionAsync(AmazonS3Client client)
    {
        byte[] body = NextBody(_random.Next(30_000));
        var request = new PutObjectRequest { BucketName = VersionedBucket, Key = _versions.Key, InputStream = new MemoryStream(body) };
        Attempt<PutObjectResponse> put = await Attempts.MakeAsync(() => client.PutObjectAsync(request));
        Count(put);
        if (put.Value is { } answer)
        {
            _versions.Acknowledge(answer.VersionId, Payload.Hash(body));
        }

        return put.Outcome != Outcome.Unknown;
    }

    private async Task<bool> CheckAsync(AmazonS3Client client, KeyLedger ledger)
    {
        Attempt<KeyState> read = await Attempts.MakeAsync(() => ReadAsync(client, Bucket, ledger.Key, null));
        if (read.Value is { } seen)
        {
            Observe(ledger, seen, "under load");
        }

        return read.Outcome != Outcome.Unknown;
    }

    private void Observe(KeyLedger ledger, KeyState seen, string when)
    {
        counts.CountVerified();
        if (ledger.Observe(seen, when))
        {
            counts.CountLate();
        }
    }

    private bool Record<T>(KeyLedger ledger, Attempt<T> attempt, KeyState outcome)
    {
        Count(attempt);
        switch (attempt.Outcome)
        {
            case Outcome.Acknowledged:
                ledger.Acknowledge(outcome);
                break;
            case Outcome.Unknown:
                ledger.Doubt(outcome);
                break;
            default:
                throw new CrashViolationException($"{ledger.Key} was refused with {attempt.Code}.");
        }

        return attempt.Outcome != Outcome.Unknown;
    }

    private void Count<T>(Attempt<T> attempt)
    {
        switch (attempt.Outcome)
        {
            case Outcome.Acknowledged:
                counts.CountAcknowledged();
                break;
            case Outcome.Refused:
                counts.CountRefused();
                break;
            // A server error from a living server is a finding of its own, not a doubt.
            case Outcome.Unknown when attempt.Code is not null:
                throw new CrashViolationException($"The server answered {attempt.Code}.");
            default:
                counts.CountDoubtful();
                break;
        }
    }

    private byte[] NextBody(int size) => Payload.Create((number * 1_000_000) + _bodies++, size);

    private static PutObjectRequest PutRequest(KeyLedger ledger, byte[] body) =>
        new() { BucketName = Bucket, Key = ledger.Key, InputStream = new MemoryStream(body) };

    public static async Task<KeyState> ReadAsync(AmazonS3Client client, string bucket, string key, string? version)
    {
        try
        {
            using GetObjectResponse got = await client.GetObjectAsync(bucket, key, version);
            using var buffer = new MemoryStream();
            await got.ResponseStream.CopyToAsync(buffer);
            return KeyState.OfBody(buffer.ToArray(), got.ETag);
        }
        catch (AmazonS3Exception missing) when (missing.ErrorCode == "NoSuchKey")
        {
            return KeyState.Absent;
        }
    }
}
