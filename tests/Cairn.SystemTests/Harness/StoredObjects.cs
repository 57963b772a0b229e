using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;

namespace Cairn.SystemTests.Harness;

/// <summary>A set of objects of every storage shape in one bucket, and what they have to contain.</summary>
/// <remarks>
/// Shapes: empty, inline in the index, one chunk, many chunks, many stripes, multipart. Contents follow from the seed, so
/// nothing but the hash is kept.
/// </remarks>
internal sealed class StoredObjects(TestEndpoint endpoint, string bucket = "stored")
{
    private static readonly int[] Sizes = [0, 1, 700, 4_000, 60_000, 150_000, 1_200_000, 5_000_000];

    private readonly SortedDictionary<string, string> _hashes = new(StringComparer.Ordinal);

    public int Count => _hashes.Count;

    public StoredObjects(ProcessNode node)
        : this(TestEndpoint.Of(node))
    {
    }

    /// <summary>The node that is asked from now on.</summary>
    public ProcessNode Via
    {
        set => endpoint = TestEndpoint.Of(value);
    }

    public async Task CreateBucketAsync()
    {
        using AmazonS3Client client = Connect();
        await client.PutBucketAsync(bucket);
    }

    /// <summary>Writes <paramref name="rounds"/> objects of every size and one multipart object.</summary>
    public async Task WriteAsync(string prefix, int rounds)
    {
        using AmazonS3Client client = Connect();
        for (int round = 0; round < rounds; round++)
        {
            foreach (int size in Sizes)
            {
                string key = $"{prefix}/{round}/{size}";
                byte[] body = Payload.Create((round * 10_000_000) + size, size);
                await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, InputStream = new MemoryStream(body) });
                _hashes[key] = Payload.Hash(body);
            }
        }

        await WriteMultipartAsync(client, $"{prefix}/multipart");
    }

    public async Task DeleteAsync(string prefix)
    {
        using AmazonS3Client client = Connect();
        foreach (string key in _hashes.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).ToList())
        {
            await client.DeleteObjectAsync(bucket, key);
            _hashes.Remove(key);
        }
    }

    /// <summary>Reads every object and compares it; compares the listing as well.</summary>
    public async Task VerifyAsync()
    {
        // A 503 is asked again, as every client does: with no drive to spare, one that is late on a busy machine is enough
        // for it. What counts here is what is read in the end.
        using AmazonS3Client client = S3Clients.Create(endpoint, retries: 4);
        foreach ((string key, string hash) in _hashes)
        {
            using GetObjectResponse got = await client.GetObjectAsync(bucket, key);
            using var buffer = new MemoryStream();
            await got.ResponseStream.CopyToAsync(buffer);
            Assert.True(hash == Payload.Hash(buffer.ToArray()), $"{key} came back with other bytes.");
        }

        var pages = client.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = bucket, MaxKeys = 13 });
        Assert.Equal(_hashes.Keys, await pages.S3Objects.Select(o => o.Key).ToListAsync());
    }

    private async Task WriteMultipartAsync(AmazonS3Client client, string key)
    {
        byte[] body = Payload.Create(99, (11 << 20) + 1);
        using var transfer = new TransferUtility(client);
        await transfer.UploadAsync(new TransferUtilityUploadRequest
        {
            BucketName = bucket,
            Key = key,
            InputStream = new MemoryStream(body),
            PartSize = 5 << 20,
        });
        _hashes[key] = Payload.Hash(body);
    }

    private AmazonS3Client Connect() => S3Clients.Create(endpoint);
}
