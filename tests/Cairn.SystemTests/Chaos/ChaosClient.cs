using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Amazon.S3;
using Amazon.S3.Model;
using Cairn.SystemTests.Harness;
using Cairn.Testing.Histories;

namespace Cairn.SystemTests.Chaos;

/// <summary>One client of a cluster: goes to any node, one operation after the other, and records what it was told.</summary>
/// <remarks>
/// Invariants: a key is fought over for some seconds only, so that its history stays small enough to be checked; older keys
/// are read. What no order can explain at all (bytes that nobody wrote) ends the run at once.
/// An answer that a write surely did nothing is believed, and so put to the proof; without an answer everything is possible.
/// </remarks>
internal sealed class ChaosClient(
    string name, int seed, IReadOnlyList<ProcessNode> nodes, ChaosContents contents, ChaosHistory history)
{
    public const string Bucket = "chaos";

    private const string WriteKey = "x-amz-meta-write";
    private const int KeysAtATime = 4;
    private static readonly TimeSpan KeyLife = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly int[] Sizes = [8, 500, 2_000, 100_000, 1_500_000];
    private static int _lastWrite;

    private readonly Random _random = new(seed);
    private readonly Queue<(string Key, string Upload)> _abandoned = new();
    private readonly AmazonS3Client[] _clients = [.. nodes.Select(node => S3Clients.Create(TestEndpoint.Of(node)))];

    public async Task RunAsync(CancellationToken stop)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            int age = (int)(TimeProvider.System.GetElapsedTime(started) / KeyLife);
            string prefix = string.Create(CultureInfo.InvariantCulture, $"{age:D4}/");
            string key = string.Create(CultureInfo.InvariantCulture, $"{prefix}{_random.Next(KeysAtATime)}");
            string old = string.Create(CultureInfo.InvariantCulture, $"{_random.Next(age + 1):D4}/{_random.Next(KeysAtATime)}");
            AmazonS3Client client = _clients[_random.Next(_clients.Length)];
            Task work = _random.Next(40) switch
            {
                < 12 => PutAsync(client, key, null),
                < 15 => PutAsync(client, key, 0),
                < 18 => PutIfMatchAsync(client, key),
                < 21 => DeleteAsync(client, key),
                < 22 => UploadAsync(client, key),
                < 25 => ListAsync(client, prefix),
                < 29 => ReadAsync(client, old),
                _ => ReadAsync(client, key),
            };
            await work;
            await AbortOneAsync(client);
            // Leaves room between operations, as people do; other clients are in the middle of theirs.
            await Task.Delay(_random.Next(40), CancellationToken.None);
        }
    }

    /// <summary>Reads every key through every node; what cannot be served is a violation now.</summary>
    /// <returns>Bytes of all objects.</returns>
    public async Task<long> AuditAllAsync()
    {
        long bytes = 0;
        foreach (string key in history.Keys)
        {
            ObjectState? seen = null;
            for (int node = 0; node < nodes.Count; node++)
            {
                seen = await ReadAsync(_clients[node], key);
                Assert.True(seen is not null, $"{key} cannot be read through {nodes[node].Endpoint} in quiescence.");
            }

            bytes += seen is { IsAbsent: false } present ? contents.SizeOf(present.Content) : 0;
        }

        return bytes;
    }

    /// <summary>Aborts every upload that is still there; what cannot be aborted is a violation now.</summary>
    public async Task AbortAllAsync()
    {
        ListMultipartUploadsResponse open;
        do
        {
            open = await _clients[0].ListMultipartUploadsAsync(Bucket);
            foreach (MultipartUpload upload in open.MultipartUploads ?? [])
            {
                _abandoned.Enqueue((upload.Key, upload.UploadId));
                await AbortOneAsync(_clients[_random.Next(_clients.Length)]);
                Assert.Empty(_abandoned);
            }
        }
        while (open.IsTruncated == true);
    }

    /// <returns>What was seen; null when it could not be served.</returns>
    private async Task<ObjectState?> ReadAsync(AmazonS3Client client, string key)
    {
        PendingOperation operation = history.Begin(key, name + ": get", ObjectStep.ObserveContent(-1));
        ObjectState? seen = null;
        await CallAsync("get", operation, isWrite: false, async patience =>
        {
            try
            {
                using GetObjectResponse response = await client.GetObjectAsync(Bucket, key, patience);
                seen = new ObjectState(await VerifyAsync(key, response, patience), WriteOf(response.Metadata), 0);
            }
            catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
            {
                seen = ObjectState.Absent;
            }

            history.End("get:ok", () => operation.Succeed(ObjectStep.Observe(seen.Value), seen.Value.ToString()));
        });
        return seen;
    }

    private async Task<int> VerifyAsync(string key, GetObjectResponse response, CancellationToken patience)
    {
        ChaosContent content = contents.Find(response.ETag)
            ?? throw new ChaosViolationException($"{key} has the ETag {response.ETag}, which nobody wrote.");
        using var bytes = new MemoryStream();
        await response.ResponseStream.CopyToAsync(bytes, patience);
        if (Payload.Hash(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)) != content.Hash)
        {
            throw new ChaosViolationException($"{key}: the bytes are not those that were written as {content.Id}.");
        }

        return content.Id;
    }

    // Expected is the content that must be there, whose ETag is given; 0: nothing may be there; null: whatever.
    private async Task PutAsync(AmazonS3Client client, string key, int? expected, string? etag = null)
    {
        ChaosContent content = contents.Create(out byte[][] parts, Sizes[_random.Next(Sizes.Length)]);
        int write = Interlocked.Increment(ref _lastWrite);
        var written = new ObjectState(content.Id, write, 0);
        ObjectStep step = expected switch
        {
            null => ObjectStep.Write(written),
            0 => ObjectStep.WriteIfAbsent(written),
            _ => ObjectStep.WriteIfContent(expected.Value, written),
        };
        string kind = expected switch { null => "put", 0 => "put-if-absent", _ => "put-if-match" };
        PendingOperation operation = history.Begin(key, $"{name}: {kind} {content.Id} as {write}", step);
        var request = new PutObjectRequest
        {
            BucketName = Bucket,
            Key = key,
            InputStream = new MemoryStream(parts[0]),
            IfNoneMatch = expected == 0 ? "*" : null,
            IfMatch = etag,
        };
        request.Metadata[WriteKey] = write.ToString(CultureInfo.InvariantCulture);
        await CallAsync(kind, operation, isWrite: true, async patience =>
        {
            try
            {
                PutObjectResponse response = await client.PutObjectAsync(request, patience);
                Assert.Equal(content.ETag, response.ETag.Trim('"'));
                history.End(kind + ":ok", () => operation.Succeed());
            }
            catch (AmazonS3Exception refused) when (expected is not null && refused.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                history.End(kind + ":refused", () => operation.Succeed(ObjectStep.ObserveNot(expected.Value), "refused"));
            }
            catch (AmazonS3Exception missing) when (expected > 0 && missing.StatusCode == HttpStatusCode.NotFound)
            {
                history.End(kind + ":refused", () => operation.Succeed(ObjectStep.ObserveContent(0), "no such key"));
            }
        });
    }

    private async Task PutIfMatchAsync(AmazonS3Client client, string key)
    {
        if (await ReadAsync(client, key) is { IsAbsent: false } seen)
        {
            await PutAsync(client, key, seen.Content, contents.ETagOf(seen.Content));
        }
    }

    private async Task DeleteAsync(AmazonS3Client client, string key)
    {
        PendingOperation operation = history.Begin(key, name + ": delete", ObjectStep.Write(ObjectState.Absent));
        await CallAsync("delete", operation, isWrite: true, async patience =>
        {
            await client.DeleteObjectAsync(Bucket, key, patience);
            history.End("delete:ok", () => operation.Succeed());
        });
    }

    private async Task UploadAsync(AmazonS3Client client, string key)
    {
        ChaosContent content = contents.Create(out byte[][] parts, 5 << 20, 70_000);
        int write = Interlocked.Increment(ref _lastWrite);
        PendingOperation operation = history.Begin(
            key, $"{name}: upload {content.Id} as {write}", ObjectStep.Write(new ObjectState(content.Id, write, 0)));
        bool isCompleting = false;
        await CallAsync("upload", operation, isWrite: true, async patience =>
        {
            var initiate = new InitiateMultipartUploadRequest { BucketName = Bucket, Key = key };
            initiate.Metadata[WriteKey] = write.ToString(CultureInfo.InvariantCulture);
            string? upload = null;
            var complete = new CompleteMultipartUploadRequest { BucketName = Bucket, Key = key };
            try
            {
                upload = (await client.InitiateMultipartUploadAsync(initiate, patience)).UploadId;
                for (int part = 1; part <= parts.Length; part++)
                {
                    UploadPartResponse put = await client.UploadPartAsync(
                        new UploadPartRequest
                        {
                            BucketName = Bucket,
                            Key = key,
                            UploadId = upload,
                            PartNumber = part,
                            InputStream = new MemoryStream(parts[part - 1]),
                        },
                        patience);
                    complete.AddPartETags(new PartETag(part, put.ETag));
                }

                isCompleting = true;
            }
            finally
            {
                if (!isCompleting)
                {
                    // Without a completion there is no object.
                    history.End("upload:not-completed", operation.Fail);
                    if (upload is not null)
                    {
                        _abandoned.Enqueue((key, upload));
                    }
                }
            }

            complete.UploadId = upload;
            await client.CompleteMultipartUploadAsync(complete, patience);
            history.End("upload:ok", () => operation.Succeed());
        });
    }

    // Parts of uploads that nobody ends stay, as they should, and would fill the drives in half an hour.
    private async Task AbortOneAsync(AmazonS3Client client)
    {
        if (!_abandoned.TryPeek(out (string Key, string Upload) abandoned))
        {
            return;
        }

        await CallAsync("abort", null, isWrite: true, async patience =>
        {
            try
            {
                await client.AbortMultipartUploadAsync(Bucket, abandoned.Key, abandoned.Upload, patience);
            }
            catch (AmazonS3Exception missing) when (missing.ErrorCode == "NoSuchUpload")
            {
                // An earlier attempt that was not answered has done it.
            }

            _abandoned.Dequeue();
            history.End("abort:ok", static () => { });
        });
    }

    private async Task ListAsync(AmazonS3Client client, string prefix)
    {
        long start = history.Tick();
        await CallAsync("list", null, isWrite: false, async patience =>
        {
            ListObjectsV2Response page = await client.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = Bucket, Prefix = prefix }, patience);
            long end = history.Tick();
            Dictionary<string, string> shown = (page.S3Objects ?? []).ToDictionary(o => o.Key, o => o.ETag, StringComparer.Ordinal);
            for (int number = 0; number < KeysAtATime; number++)
            {
                string key = string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}");
                history.Listed(key, shown.TryGetValue(key, out string? etag) ? contents.Find(etag)?.Id ?? -1 : 0, start, end);
            }

            history.End("list:ok", static () => { });
        });
    }

    /// <summary>Calls, and says of a failure what it leaves open.</summary>
    private async Task CallAsync(string kind, PendingOperation? operation, bool isWrite, Func<CancellationToken, Task> call)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await call(patience.Token);
        }
        catch (AmazonS3Exception refusal) when (refusal.StatusCode is not 0)
        {
            bool isOpen = isWrite && IsOpen(refusal);
            EndWithout($"{kind}:{(isOpen ? "unknown" : "refused-" + refusal.ErrorCode)}", operation, isOpen);
        }
        catch (Exception failure) when (failure is OperationCanceledException or HttpRequestException or IOException
            or SocketException or Amazon.Runtime.AmazonClientException)
        {
            // A connection that was refused may have been the HTTP client's second attempt, after a first one whose
            // connection broke with the request under way.
            EndWithout(kind + ":no-answer", operation, isOpen: isWrite);
        }
    }

    private void EndWithout(string outcome, PendingOperation? operation, bool isOpen) => history.End(outcome, () =>
    {
        if (!isOpen)
        {
            operation?.Fail();
        }
    });

    private static bool IsOpen(AmazonS3Exception refusal) =>
        refusal.Message.Contains("may or may not", StringComparison.Ordinal)
        || refusal.StatusCode == HttpStatusCode.InternalServerError;

    private static int WriteOf(MetadataCollection metadata) =>
        int.TryParse(metadata[WriteKey], NumberStyles.None, CultureInfo.InvariantCulture, out int write) ? write : 0;
}
