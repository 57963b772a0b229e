using System.Text;
using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects;
using Cairn.Objects.Commit;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Objects.Commit.Listing;

/// <remarks>
/// Method: registers are written through the quorum while drives are taken away, so that replicas differ; then listed
/// with different drives at hand. What is listed must be what reads would say. Drives are local drives on simulated
/// disks; each scenario runs under several seeds.
/// </remarks>
public sealed class RegisterListingTests
{
    private static readonly RegisterDraft Removal = new() { Slot = VersionId.Null, IsRemoval = true };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public void Registers_come_in_byte_order_page_by_page(int drives) => QuorumFixture.Run(drives, async store =>
    {
        string[] names = ["b", "a", "a/b", "a/", "ab", "a!", "A", "c/d/e"];
        await WriteAllAsync(store, names);
        foreach (int limit in (int[])[1, 2, 3, 8, 9])
        {
            Assert.Equal("A,a,a!,a/,a/b,ab,b,c/d/e", await WalkAsync(store, Request(limit: limit)));
        }

        Assert.Equal("a,a!,a/,a/b,ab", await WalkAsync(store, Request(prefix: "a")));
        Assert.Equal("a/b,ab,b,c/d/e", await WalkAsync(store, Request(from: "a/\0")));
    });

    [Fact]
    public void What_a_write_has_reported_is_listed_whichever_drives_answer() => QuorumFixture.Run(4, async store =>
    {
        await WriteAllAsync(store, ["a", "b"]);
        store.Drives[3].IsOffline = true;
        await WriteAllAsync(store, ["b", "c"]);
        store.Drives[3].IsOffline = false;
        await ForEachPairAsync(store, async () => Assert.Equal("a,b,c", await WalkAsync(store, Request())));
    });

    [Fact]
    public void A_delete_that_a_drive_missed_brings_no_ghost() => QuorumFixture.Run(4, async store =>
    {
        await WriteAllAsync(store, ["a", "b", "c"]);
        await store.SettleAsync();
        store.Drives[3].IsOffline = true;
        await store.Quorum.WriteAsync(QuorumFixture.Key("b"), Removal, default);
        await store.SettleAsync();
        store.Drives[3].IsOffline = false;
        await ForEachPairAsync(store, async () => Assert.Equal("a,c", await WalkAsync(store, Request())));
    });

    private static ListRequest Request(
        string prefix = "", string from = "", string delimiter = "", int limit = 1000) => new()
        {
            Space = RegisterSpace.Objects,
            Bucket = new BucketId(7),
            Prefix = Encoding.UTF8.GetBytes(prefix),
            From = Encoding.UTF8.GetBytes(from),
            Delimiter = Encoding.UTF8.GetBytes(delimiter),
            Limit = limit,
        };

    private static async Task WriteAllAsync(QuorumFixture store, string[] names)
    {
        foreach (string name in names)
        {
            Assert.True((await store.WriteAsync(QuorumFixture.Key(name), name)).IsOk);
        }
    }

    /// <summary>Runs with each two of the drives silent to listings, so that exactly the others answer.</summary>
    private static async Task ForEachPairAsync(QuorumFixture store, Func<Task> check)
    {
        for (int first = 0; first < store.Drives.Length; first++)
        {
            for (int second = first + 1; second < store.Drives.Length; second++)
            {
                for (int index = 0; index < store.Drives.Length; index++)
                {
                    bool isHeard = index == first || index == second;
                    store.Drives[index].Refuse = isHeard ? null : op => op == "List" ? DriveFault.Io : DriveFault.None;
                }

                await check();
            }
        }
    }

    private static async Task<string> WalkAsync(QuorumFixture store, ListRequest request)
    {
        List<string> seen = [];
        while (true)
        {
            ObjectResult<RegisterPage> page = await store.Quorum.ListAsync(request, default);
            Assert.Equal(ObjectError.None, page.Error);
            Assert.True(page.Value!.Rows.Count <= request.Limit);
            seen.AddRange(page.Value.Rows.Select(row => Encoding.UTF8.GetString(row.Name.Span)));
            if (page.Value.IsEnd)
            {
                return string.Join(',', seen);
            }

            request = request with { From = RegisterNames.After(page.Value.Rows[^1].Name.Span) };
        }
    }
}
