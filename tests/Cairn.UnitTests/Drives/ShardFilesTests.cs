using Cairn.Drives.Os;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Disks;
using Xunit;

namespace Cairn.UnitTests.Drives;

public sealed class ShardFilesTests
{
    private static readonly DataId Data = new(1, 2);

    // The row is gone from the index before the committer, which has dropped it, comes to the file.
    [Fact]
    public void Shard_that_a_reader_holds_is_not_swept_although_its_row_is_gone() => Run(async (shards, files) =>
    {
        await WriteAsync(shards);
        shards.MarkNamed(Data);
        shards.Holds.Register(Data);
        shards.Holds.Keep(Data, []);
        Assert.False(await shards.TryRemoveOrphanAsync(Data, () => ValueTask.FromResult(false)));
        shards.StartRemoval(Data);
        Assert.True(await files.ExistsAsync(ShardFiles.PathOf(Data), default));
        shards.Release(Data);
        await shards.CloseAsync();
        Assert.False(await files.ExistsAsync(ShardFiles.PathOf(Data), default));
    });

    [Fact]
    public void Closing_waits_for_removals_and_lets_none_begin() => Run(async (shards, files) =>
    {
        await WriteAsync(shards);
        shards.MarkNamed(Data);
        shards.StartRemoval(Data);
        await shards.CloseAsync();
        Assert.False(await files.ExistsAsync(ShardFiles.PathOf(Data), default));

        await (await files.CreateAsync(ShardFiles.PathOf(Data), default)).DisposeAsync();
        shards.StartRemoval(Data);
        Assert.Null(shards.TryBeginRemoval(Data));
        Assert.True(await files.ExistsAsync(ShardFiles.PathOf(Data), default));
    });

    // Its data would be named by a row, and the file gone.
    [Fact]
    public void Sealed_shard_that_was_given_up_is_not_offered_to_accepts() => Run(async (shards, unused) =>
    {
        await WriteAsync(shards);
        Assert.True(shards.TryGetSealed(Data, out long length));
        Assert.Equal(5, length);
        using ShardRemoval? removal = shards.TryBeginRemoval(Data);
        shards.Revoke(Data);
        Assert.False(shards.TryGetSealed(Data, out _));
        await Assert.ThrowsAsync<DriveIoException>(
            () => shards.CreateAsync(Data, TestContext.Current.CancellationToken).AsTask());
    });

    private static void Run(Func<ShardFiles, IDriveFiles, Task> steps)
    {
        World world = new(1);
        world.Run(async () =>
        {
            SimFiles files = new(new SimDisk(world, "disk").Mount());
            await steps(new ShardFiles(files, world.Root.Work), files);
        });
    }

    private static async Task WriteAsync(ShardFiles shards)
    {
        (IDriveFile file, ShardClaim claim) = await shards.CreateAsync(Data, default);
        await file.DisposeAsync();
        Assert.True(await shards.TrySealAsync(claim, 5));
    }
}
