using System.Security.Cryptography;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Objects;

/// <summary>
/// Method: more large objects at once than the machine has cores, so that reads become late and are hedged. A read that
/// loses such a race must not touch memory that another request has by then.
/// </summary>
public sealed class ConcurrentReadTests(S3Server server)
{
    private const int Objects = 12;
    private const int ReadsOfEach = 8;
    private const int Size = 9_000_001;

    [Fact]
    public async Task Large_objects_come_back_whole_while_all_are_read()
    {
        string bucket = await server.NewBucketAsync();
        using var http = new HttpClient();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Objects),
            new ParallelOptions { MaxDegreeOfParallelism = Objects },
            async (number, cancellation) =>
            {
                string path = $"/{bucket}/k{number}";
                byte[] bytes = RandomNumberGenerator.GetBytes(Size);
                using var content = new ByteArrayContent(bytes);
                HttpResponseMessage put = await http.PutAsync(Link("PUT", path), content, cancellation);
                Assert.Equal($"\"{Convert.ToHexStringLower(MD5.HashData(bytes))}\"", put.Headers.ETag!.Tag);
                for (int read = 0; read < ReadsOfEach; read++)
                {
                    byte[] got = await http.GetByteArrayAsync(Link("GET", path), cancellation);
                    Assert.True(bytes.AsSpan().SequenceEqual(got), $"Read {read} of {path} differs.");
                }
            });
    }

    private Uri Link(string method, string path) =>
        new(server.Address, path + "?" + server.Raw.Presign(new RawRequest(method, path), TimeSpan.FromMinutes(10)));
}
