using Cairn.Drives;
using Cairn.Objects;
using Cairn.Testing.Simulation;
using Cairn.UnitTests.Objects.Commit;
using Cairn.UnitTests.Objects.Store;
using Xunit;

namespace Cairn.UnitTests.Objects.Buckets;

/// <summary>Two nodes make and delete the same bucket at the same moment, and put objects into it.</summary>
/// <remarks>
/// Method: rounds drawn by seed, with calls to the drives that get lost, refused or held up. Objects are never deleted, so
/// the bucket must stay from the first acknowledged put on, and each of them must be readable in the end.
/// </remarks>
public sealed class BucketRaceTests
{
    [Fact]
    public void Deletions_on_two_nodes_lose_no_acknowledged_put()
    {
        int deleted = 0;
        int put = 0;
        for (ulong seed = 1; seed <= 100; seed++)
        {
            SimRandom random = SimRandom.Named(seed, "buckets");
            StoreFixture.RunSeed(
                async fixture =>
                {
                    (int deletions, int puts) = await new Race(fixture, random).RunAsync();
                    deleted += deletions;
                    put += puts;
                },
                seed,
                arePeers: true);
        }

        // Neither always wins.
        Assert.True(deleted > 5 && put > 100, $"{deleted} deletions and {put} puts.");
    }

    // The first node finds too few drives, opens the bucket again, and dies before its record says so. In between the
    // second one has found it empty.
    [Fact]
    public void Deletion_that_was_overtaken_opens_nothing_that_its_successor_has_closed() => StoreFixture.RunSeed(
        async fixture =>
        {
            await fixture.SettleAsync();
            int orders = 0;
            bool isDying = false;
            foreach (FaultyDrive drive in fixture.Drives)
            {
                drive.Refuse = called => isDying && called is "List" or "Prepare" ? DriveFault.Io : DriveFault.None;
                drive.LoseAnswer = called => HangAll(called == "SetBucketGate" && ++orders == 4, fixture.Drives);
            }

            Task<ObjectError> first = fixture.Store.DeleteBucketAsync(StoreFixture.Bucket, default).AsTask();
            await fixture.DelayAsync(TimeSpan.FromMilliseconds(200));
            Assert.Equal(4, orders);

            int listings = 0;
            foreach (FaultyDrive drive in fixture.OtherDrives)
            {
                drive.LoseAnswer = called => HangAll(called == "List" && ++listings == 4, fixture.OtherDrives);
            }

            Task<ObjectError> second = fixture.OtherStore.DeleteBucketAsync(StoreFixture.Bucket, default).AsTask();
            await fixture.DelayAsync(TimeSpan.FromMilliseconds(200));
            Assert.Equal(4, listings);

            isDying = true;
            Array.ForEach(fixture.Drives, drive => drive.Release());
            Assert.NotEqual(ObjectError.None, await first);
            ObjectError put = await PutAsync(fixture.Store, "k");
            Array.ForEach(fixture.OtherDrives, drive => drive.Release());
            Assert.Equal(ObjectError.None, await second);
            Assert.NotEqual(ObjectError.None, put);
        },
        seed: 1);

    private static bool HangAll(bool isTime, FaultyDrive[] drives)
    {
        if (isTime)
        {
            Array.ForEach(drives, drive => drive.Hang());
        }

        return false;
    }

    private static async Task<ObjectError> PutAsync(ObjectStore store, string key) =>
        (await store.PutAsync(StoreFixture.Request(key), new TestBody("x"u8.ToArray()), default)).Error;

    private sealed class Race(StoreFixture fixture, SimRandom random)
    {
        private readonly List<string> _acknowledged = [];
        private int _keys;
        private int _deleted;

        public async Task<(int Deleted, int Put)> RunAsync()
        {
            for (int round = 0; round < 4 && _acknowledged.Count == 0; round++)
            {
                // One node takes the bucket for not empty, and opens it again.
                double doubt = random.Pick([0, 0.2, 1]);
                Array.ForEach(fixture.Drives, drive => Disturb(drive, doubt));
                Array.ForEach(fixture.OtherDrives, drive => Disturb(drive, doubt: 0));
                FaultyDrive held = random.Pick([.. fixture.Drives, .. fixture.OtherDrives]);
                if (random.Chance(0.5))
                {
                    held.Hang();
                }

                await WhenAllAsync([.. Enumerable.Range(0, random.Between(4, 14)).Select(_ => ActAsync())], held);
            }

            foreach (FaultyDrive drive in fixture.Drives.Concat(fixture.OtherDrives))
            {
                drive.RefuseList = null;
                drive.LoseAnswer = null;
            }

            await fixture.DelayAsync(TimeSpan.FromMinutes(1));
            foreach (string key in _acknowledged)
            {
                Assert.Equal("x", await fixture.ReadTextAsync(key));
            }

            // And it is of use again, on both nodes.
            foreach (ObjectStore store in Stores)
            {
                ObjectError made = (await store.CreateBucketAsync(StoreFixture.Bucket, default)).Error;
                Assert.Contains(made, new[] { ObjectError.None, ObjectError.BucketAlreadyExists });
                ObjectError error = ObjectError.Conflict;
                for (int attempt = 0; attempt < 3 && error == ObjectError.Conflict; attempt++)
                {
                    error = await PutAsync(store, "later");
                }

                Assert.Equal(ObjectError.None, error);
            }

            return (_deleted, _acknowledged.Count);
        }

        private ObjectStore[] Stores => [fixture.Store, fixture.OtherStore];

        private void Disturb(FaultyDrive drive, double doubt)
        {
            double losses = random.Pick([0, 0, 0.1, 0.3]);
            drive.RefuseList = request => request.OnlyIfClosed && random.Chance(doubt) ? DriveFault.Io : DriveFault.None;
            drive.LoseAnswer = called => called is "SetBucketGate" or "Accept" && random.Chance(losses);
        }

        private async Task ActAsync()
        {
            ObjectStore store = random.Pick(Stores);
            await fixture.DelayAsync(random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(100)));
            switch (random.PickWeighted([2, 4, 1]))
            {
                case 0:
                    bool wasEmpty = _acknowledged.Count == 0;
                    if (await store.DeleteBucketAsync(StoreFixture.Bucket, default) == ObjectError.None)
                    {
                        Assert.True(wasEmpty, "A bucket was deleted that had an object.");
                        _deleted++;
                    }

                    break;
                case 1:
                    string key = "key" + ++_keys;
                    if (await PutAsync(store, key) == ObjectError.None)
                    {
                        _acknowledged.Add(key);
                    }

                    break;
                default:
                    await store.CreateBucketAsync(StoreFixture.Bucket, default);
                    break;
            }
        }

        // Calls that hang come back some time, in the middle of what the others do.
        private async Task WhenAllAsync(Task[] acts, FaultyDrive held)
        {
            await fixture.DelayAsync(random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(120)));
            held.Release();
            foreach (Task act in acts)
            {
                await act;
            }
        }
    }
}
