using System.Security.Cryptography;
using Cairn.Drives;
using Cairn.Objects.Quorum;
using Cairn.UnitTests.Objects.Commit;
using Xunit;

namespace Cairn.UnitTests.Objects.Data;

// Which drives a read asks, seen from a coordinator that has one drive of four here and three on other nodes.
public sealed class ReadChoiceTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_small_get_asks_the_drive_here_whatever_shard_it_has(int own) => QuorumFixture.Run(4, async store =>
    {
        var key = QuorumFixture.Key("a");
        FaultyDrive[] drives = store.DrivesOf(key);
        byte[] content = RandomNumberGenerator.GetBytes(4095);
        await DataStoreTests.PutAsync(store, key, content);
        await store.SettleAsync();
        KeepHere(store, drives[own]);
        Array.ForEach(drives, drive => drive.Calls.Clear());

        Assert.Equal(content, await DataStoreTests.GetAsync(store, key, 0, content.Length));
        Assert.Equal(content[2000..3000], await DataStoreTests.GetAsync(store, key, 2000, 1000));

        Assert.Equal(2, drives[own].CallsOf("Read"));
        Assert.Equal(0, drives.Sum(drive => drive.CallsOf("OpenShard")));
    }, seeds: 2);

    [Fact]
    public void Where_the_drive_asked_instead_of_a_late_one_is_late_too_the_next_is_asked() => QuorumFixture.Run(4, async store =>
    {
        var key = QuorumFixture.Key("a");
        FaultyDrive[] drives = store.DrivesOf(key);
        byte[] content = RandomNumberGenerator.GetBytes(4096);
        await DataStoreTests.PutAsync(store, key, content);
        await store.SettleAsync();

        drives[1].Hang("Read");
        drives[2].Hang("Read");
        Task<byte[]> get = DataStoreTests.GetAsync(store, key, 0, content.Length);

        Assert.True(await store.EndsWithinAsync(get, TimeSpan.FromSeconds(1)));
        Assert.Equal(content, await get);
    }, seeds: 2);

    // Regression: the drive that hung was counted as asked for already, and nobody was asked in the stead of the one that failed.
    [Fact]
    public void Where_the_drive_asked_instead_of_a_late_one_fails_the_next_is_asked() => QuorumFixture.Run(4, async store =>
    {
        var key = QuorumFixture.Key("a");
        FaultyDrive[] drives = store.DrivesOf(key);
        byte[] content = RandomNumberGenerator.GetBytes(4096);
        await DataStoreTests.PutAsync(store, key, content);
        await store.SettleAsync();

        drives[1].Hang("Read");
        drives[2].Refuse = static operation => operation == "Read" ? DriveFault.Io : DriveFault.None;
        Task<byte[]> get = DataStoreTests.GetAsync(store, key, 0, content.Length);

        Assert.True(await store.EndsWithinAsync(get, TimeSpan.FromSeconds(1)));
        Assert.Equal(content, await get);
    }, seeds: 2);

    private static void KeepHere(QuorumFixture store, FaultyDrive own)
    {
        foreach (DriveHandle drive in store.Engine.Drives)
        {
            drive.IsOwn = drive.Id == own.Id;
        }
    }
}
