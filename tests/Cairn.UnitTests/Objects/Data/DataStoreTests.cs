using System.IO.Pipelines;
using Cairn.Drives;
using Cairn.Objects;
using Cairn.Objects.Commit;
using Cairn.Objects.Data;
using Cairn.Objects.Layout;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;
using Cairn.UnitTests.Objects.Commit;
using Xunit;

namespace Cairn.UnitTests.Objects.Data;

// Bodies of many sizes are staged, committed and read back, whole and in ranges, with drives missing, failing, lagging
// or returning damaged shards in between. Bytes must be the same or the read must say that it cannot.
public sealed class DataStoreTests
{
    private const int Chunk = StripeGeometry.ChunkSize;

    public static TheoryData<int> Sizes =>
        [0, 1, 2, 5, 4096, Chunk, (2 * Chunk) - 1, 2 * Chunk, (2 * Chunk) + 1, 10 * Chunk, (16 * Chunk) + 77, 2_000_003];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void What_was_put_is_read_whole_and_in_ranges(int size) => QuorumFixture.Run(4, async store =>
    {
        var key = QuorumFixture.Key("a");
        byte[] content = Content(size);
        await PutAsync(store, key, content, isAnnounced: size % 2 == 0);
        Assert.Equal(content, await GetAsync(store, key, 0, size));
        foreach ((int offset, int length) in RangesOf(size))
        {
            Assert.Equal(content.AsSpan(offset, length).ToArray(), await GetAsync(store, key, offset, length));
        }
    }, seeds: 2);

    [Theory]
    [InlineData(3000)]
    [InlineData(700_001)]
    public void Any_two_of_four_drives_can_be_missing_on_a_read(int size) => QuorumFixture.Run(4, async store =>
    {
        var key = QuorumFixture.Key("a");
        byte[] content = Content(size);
        await PutAsync(store, key, content);
        await store.SettleAsync();
        for (int first = 0; first < 4; first++)
        {
            for (int second = first + 1; second < 4; second++)
            {
                store.Drives[first].IsOffline = store.Drives[second].IsOffline = true;
                Assert.Equal(content, await GetAsync(store, key, 0, size));
                Assert.Equal(content[1000..2500], await GetAsync(store, key, 1000, 1500));
                store.Drives[first].IsOffline = store.Drives[second].IsOffline = false;
            }
        }
    }, seeds: 2);

    [Theory]
    [InlineData(3000)]
    [InlineData(700_001)]
    public void A_damaged_shard_is_computed_from_the_others_and_its_repair_queued(int size) =>
        QuorumFixture.Run(4, async store =>
        {
            var key = QuorumFixture.Key("a");
            byte[] content = Content(size);
            await PutAsync(store, key, content);
            await store.SettleAsync();
            FaultyDrive damaged = store.DrivesOf(key)[0];
            damaged.Refuse = operation => operation is "ReadShard" ? DriveFault.Corrupt : DriveFault.None;
            Assert.Equal(content, await GetAsync(store, key, 0, size, withInline: false));
            Assert.Equal(1, store.Engine.Repairs.Count);
        }, seeds: 2);

    [Fact]
    public void Three_damaged_shards_of_four_are_an_error_and_never_wrong_bytes() => QuorumFixture.Run(4, async store =>
    {
        var key = QuorumFixture.Key("a");
        await PutAsync(store, key, Content(700_001));
        foreach (FaultyDrive drive in store.Drives[..3])
        {
            drive.Refuse = operation => operation is "ReadShard" ? DriveFault.Corrupt : DriveFault.None;
        }

        await Assert.ThrowsAsync<DataUnavailableException>(() => GetAsync(store, key, 0, 700_001));
    });

    [Fact]
    public void A_drive_that_hangs_while_reading_costs_one_hedge() => QuorumFixture.Run(4, async store =>
    {
        var key = QuorumFixture.Key("a");
        byte[] content = Content(1_500_000);
        await PutAsync(store, key, content);
        await store.SettleAsync();
        store.DrivesOf(key)[1].Hang();
        Task<byte[]> reading = GetAsync(store, key, 0, content.Length);
        Assert.True(await store.EndsWithinAsync(reading, TimeSpan.FromSeconds(5)));
        Assert.Equal(content, await reading);
    });

    [Fact]
    public void A_drive_that_fails_during_an_upload_is_left_out_and_journaled() => QuorumFixture.Run(4, async store =>
    {
        var key = QuorumFixture.Key("a");
        FaultyDrive failing = store.DrivesOf(key)[2];
        failing.Refuse = operation => operation is "Write" && failing.CallsOf("Write") > 8 ? DriveFault.Io : DriveFault.None;
        byte[] content = Content(2_000_000);
        await PutAsync(store, key, content);
        await store.SettleAsync();
        Assert.Equal(content, await GetAsync(store, key, 0, content.Length));
        var missed = await store.DrivesOf(key)[0].ListMissedAsync(failing.Id, null, 10, default);
        Assert.Single(missed.Value);
    });

    [Fact]
    public void A_drive_that_hangs_during_an_upload_is_left_behind() => QuorumFixture.Run(4, async store =>
    {
        var key = QuorumFixture.Key("a");
        byte[] content = Content(2_000_000);
        FaultyDrive hanging = store.DrivesOf(key)[3];
        hanging.Refuse = operation =>
        {
            if (operation is "Write" && hanging.CallsOf("Write") == 5)
            {
                hanging.Hang();
            }

            return DriveFault.None;
        };
        Task putting = PutAsync(store, key, content);
        Assert.True(await store.EndsWithinAsync(putting, TimeSpan.FromSeconds(20)));
        await putting;
        Assert.Equal(content, await GetAsync(store, key, 0, content.Length));
    });

    [Theory]
    [InlineData(3000)]
    [InlineData(700_001)]
    public void Parity_is_raised_while_a_drive_is_missing(int size) => QuorumFixture.Run(4, async store =>
    {
        var key = QuorumFixture.Key("a");
        byte[] content = Content(size);
        FaultyDrive[] drives = store.DrivesOf(key);
        drives[0].IsOffline = true;
        DataPiece piece = await PutAsync(store, key, content);
        Assert.Equal(new ErasureCode(1, 3), piece.Code);
        await store.SettleAsync();
        drives[1].IsOffline = true;
        Assert.Equal(content, await GetAsync(store, key, 0, size));
    });

    [Theory]
    [InlineData(100_000)]
    [InlineData(1_400_000)]
    public void A_body_that_breaks_off_leaves_no_shard_behind(int breaksAt) => QuorumFixture.Run(4, async store =>
    {
        var key = QuorumFixture.Key("a");
        using MemoryBody body = new(Content(2_000_000)) { BreaksAt = breaksAt };
        await Assert.ThrowsAsync<IOException>(() =>
            store.Engine.Data.StageAsync(key, StorageClasses.Standard, body, TestContext.Current.CancellationToken).AsTask());
        await store.SettleAsync();
        foreach (FaultyDrive drive in store.Drives)
        {
            Assert.Equal(0, drive.CallsOf("Seal"));
        }
    });

    [Fact]
    public void Staged_data_that_is_discarded_is_dropped_from_the_drives() => QuorumFixture.Run(4, async store =>
    {
        var key = QuorumFixture.Key("a");
        using MemoryBody body = new(Content(2_000_000));
        var staged = await store.Engine.Data.StageAsync(key, StorageClasses.Standard, body, default);
        await store.Engine.Data.DiscardAsync(key, staged.Value!);
        await store.SettleAsync();
        Assert.All(store.Drives, drive => Assert.Equal(1, drive.CallsOf("DropShard")));
    });

    [Theory]
    [InlineData(5000)]
    [InlineData(700_001)]
    public void Reduced_redundancy_is_cut_into_more_data_shards(int size) => QuorumFixture.Run(4, async store =>
    {
        var key = QuorumFixture.Key("a");
        byte[] content = Content(size);
        DataPiece piece = await PutAsync(store, key, content, storageClass: StorageClasses.ReducedRedundancy);
        Assert.Equal(new ErasureCode(3, 1), piece.Code);
        await store.SettleAsync();
        store.DrivesOf(key)[1].IsOffline = true;
        Assert.Equal(content, await GetAsync(store, key, 0, size));
    });

    [Fact]
    public void Without_enough_drives_nothing_is_staged() => QuorumFixture.Run(4, async store =>
    {
        store.Drives[0].IsOffline = store.Drives[1].IsOffline = true;
        using MemoryBody body = new(Content(100));
        var staged = await store.Engine.Data.StageAsync(QuorumFixture.Key("a"), StorageClasses.Standard, body, default);
        Assert.Equal(ObjectError.WriteQuorumLost, staged.Error);
    });

    [Fact]
    public void A_pending_value_is_completed_with_the_shards_its_drives_lack() => QuorumFixture.Run(4, async store =>
    {
        var key = QuorumFixture.Key("a");
        byte[] content = Content(700_001);
        using MemoryBody body = new(content);
        var staged = await store.Engine.Data.StageAsync(key, StorageClasses.Standard, body, default);
        Proposal orphan = Proposal.Of(key, DraftOf(staged.Value!), store.Engine.Clock.Next());
        FaultyDrive[] drives = store.DrivesOf(key);
        for (int position = 0; position < 4; position++)
        {
            if (position < 2)
            {
                await drives[position].AcceptAsync(orphan.RequestFor(position), default);
            }
            else
            {
                await drives[position].DropShardAsync(staged.Value!.Piece.Id, default);
            }
        }

        // With one drive away, two holders of the value may be two of three that chose it.
        drives[2].IsOffline = true;
        Assert.Equal(content, await GetAsync(store, key, 0, content.Length));
        drives[0].IsOffline = true;
        drives[2].IsOffline = false;
        Assert.Equal(content, await GetAsync(store, key, 0, content.Length));
    });

    internal static byte[] Content(int size)
    {
        byte[] content = new byte[size];
        new Random(size).NextBytes(content);
        return content;
    }

    internal static async Task<DataPiece> PutAsync(
        QuorumFixture store, RegisterKey key, byte[] content,
        bool isAnnounced = true, string storageClass = StorageClasses.Standard)
    {
        using MemoryBody body = new(content, isAnnounced);
        var staged = await store.Engine.Data.StageAsync(key, storageClass, body, default);
        Assert.True(staged.IsOk, staged.Error.ToString());
        var written = await store.Quorum.WriteAsync(key, DraftOf(staged.Value), default);
        Assert.True(written.IsOk, written.Error.ToString());
        return staged.Value.Piece;
    }

    internal static async Task<byte[]> GetAsync(
        QuorumFixture store, RegisterKey key, long offset, long length, bool withInline = true)
    {
        var read = await store.Quorum.ReadAsync(key, null, withInline, default);
        Assert.True(read.IsOk, read.Error.ToString());
        RegisterValue value = read.Value.Current!;
        await using ObjectDataReader reader = store.Engine.Data.Open(key, value, PlainRecords.PiecesOf(value.Body));
        using MemoryStream stream = new();
        PipeWriter pipe = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        await reader.CopyToAsync(pipe, offset, length, default);
        await pipe.CompleteAsync();
        return stream.ToArray();
    }

    private static RegisterDraft DraftOf(StagedData staged) => new()
    {
        Slot = VersionId.Null,
        Body = PlainRecords.Encode("object", staged.Piece),
        Staged = staged,
    };

    private static IEnumerable<(int Offset, int Length)> RangesOf(int size)
    {
        Random random = new(size);
        foreach (int edge in (int[])[0, 1, Chunk - 1, Chunk, (2 * Chunk) - 1, 2 * Chunk, 8 * Chunk])
        {
            if (edge < size)
            {
                yield return (edge, 1);
                yield return (edge, Math.Min(size - edge, Chunk + 1));
            }
        }

        for (int count = 0; count < 10 && size > 0; count++)
        {
            int offset = random.Next(size);
            yield return (offset, random.Next(size - offset) + 1);
        }
    }
}
