using Cairn.Drives;
using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Versions;
using Cairn.Testing.Simulation;
using Cairn.UnitTests.Objects.Commit;
using Cairn.UnitTests.Objects.Store;
using Xunit;

namespace Cairn.UnitTests.Objects.Buckets;

/// <remarks>
/// Method: buckets made, changed, listed and deleted; deletions raced against puts and killed at moments chosen by the
/// seed. A put that was acknowledged must be readable, whatever became of the deletion.
/// </remarks>
public sealed class BucketTests
{
    [Fact]
    public void A_bucket_is_made_once_and_found_again_after_a_restart() => StoreFixture.Run(async fixture =>
    {
        ObjectResult<BucketDescription> again = await fixture.Store.CreateBucketAsync(StoreFixture.Bucket, default);
        BucketDescription known = (await fixture.Store.GetBucketAsync(StoreFixture.Bucket, default)).Value!;

        Assert.Equal(ObjectError.BucketAlreadyExists, again.Error);
        Assert.Equal(known.Id, again.Value!.Id);
        await fixture.ReopenAsync();
        BucketDescription later = (await fixture.Store.GetBucketAsync(StoreFixture.Bucket, default)).Value!;
        Assert.Equal(known.Created, later.Created);
        Assert.Equal(known.Id, later.Id);
        Assert.Equal(ObjectError.NoSuchBucket, (await fixture.Store.GetBucketAsync("other", default)).Error);
    });

    [Fact]
    public void Settings_change_atomically_and_at_once() => StoreFixture.Run(async fixture =>
    {
        DateTimeOffset created = (await fixture.Store.GetBucketAsync(StoreFixture.Bucket, default)).Value!.Created;
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => fixture.Store.UpdateBucketAsync(
            StoreFixture.Bucket,
            bucket => bucket with { Tags = [.. bucket.Tags, new KeyValuePair<string, string>("t" + i, "v")] },
            default).AsTask()));
        await fixture.SetVersioningAsync(BucketVersioning.Enabled);

        BucketDescription bucket = (await fixture.Store.GetBucketAsync(StoreFixture.Bucket, default)).Value!;
        Assert.Equal(5, bucket.Tags.Count);
        Assert.Equal(BucketVersioning.Enabled, bucket.Versioning);
        Assert.Equal(created, bucket.Created);
        Assert.Equal(
            ObjectError.NoSuchBucket, (await fixture.Store.UpdateBucketAsync("other", same => same, default)).Error);
    });

    [Fact]
    public void Buckets_are_listed_by_name_in_pages() => StoreFixture.Run(async fixture =>
    {
        foreach (string name in new[] { "b", "ab", "aa", "ac" })
        {
            await fixture.Store.CreateBucketAsync(name, default);
        }

        BucketPage first = (await fixture.Store.ListBucketsAsync("", "", 3, default)).Value!;
        BucketPage second = (await fixture.Store.ListBucketsAsync("", first.Next!, 3, default)).Value!;
        BucketPage prefixed = (await fixture.Store.ListBucketsAsync("a", "aa", 10, default)).Value!;
        BucketPage none = (await fixture.Store.ListBucketsAsync("", "", 0, default)).Value!;

        Assert.Equal(["aa", "ab", "ac"], first.Buckets.Select(bucket => bucket.Name));
        Assert.Equal(["b", "bucket"], second.Buckets.Select(bucket => bucket.Name));
        Assert.Null(second.Next);
        Assert.Equal(["ab", "ac"], prefixed.Buckets.Select(bucket => bucket.Name));
        Assert.Empty(none.Buckets);
        Assert.Null(none.Next);
    });

    [Fact]
    public void Only_an_empty_bucket_goes_and_uploads_do_not_keep_it() => StoreFixture.Run(async fixture =>
    {
        await fixture.PutAsync("k");
        Assert.Equal(ObjectError.BucketNotEmpty, await DeleteAsync(fixture));
        await fixture.PutAsync("k", "still takes writes");
        await fixture.DeleteAsync("k");
        string upload = await fixture.CreateUploadAsync("k");
        await fixture.PutPartAsync("k", upload, 1, StoreFixture.Bytes(10));

        Assert.Equal(ObjectError.None, await DeleteAsync(fixture));

        Assert.Equal(ObjectError.NoSuchBucket, (await fixture.Store.GetBucketAsync(StoreFixture.Bucket, default)).Error);
        Assert.Equal(ObjectError.NoSuchBucket, await DeleteAsync(fixture));
        await fixture.SettleAsync();
        Assert.Equal(0, fixture.CountData());
    });

    [Fact]
    public void A_delete_marker_keeps_its_bucket() => StoreFixture.Run(async fixture =>
    {
        await fixture.SetVersioningAsync(BucketVersioning.Enabled);
        DeleteReceipt marker = await fixture.DeleteAsync("never there");

        Assert.Equal(ObjectError.BucketNotEmpty, await DeleteAsync(fixture));
        await fixture.DeleteAsync("never there", marker.Version);
        Assert.Equal(ObjectError.None, await DeleteAsync(fixture));
    });

    [Fact]
    public void A_bucket_made_again_shows_nothing_of_the_old_one() => StoreFixture.Run(async fixture =>
    {
        BucketDescription old = (await fixture.Store.GetBucketAsync(StoreFixture.Bucket, default)).Value!;
        await fixture.PutAsync("k");
        await fixture.DeleteAsync("k");
        await DeleteAsync(fixture);
        BucketDescription made = (await fixture.Store.CreateBucketAsync(StoreFixture.Bucket, default)).Value!;

        Assert.NotEqual(old.Id, made.Id);
        Assert.Equal("NoSuchKey", await fixture.ReadTextAsync("k"));
        await fixture.PutAsync("k", "new");
        Assert.Equal("new", await fixture.ReadTextAsync("k"));
    });

    [Fact]
    public void A_put_acknowledged_beside_a_deletion_is_there() => StoreFixture.Run(
        async fixture =>
        {
            Task<ObjectError> deletion = DeleteAsync(fixture);
            List<(string Key, ObjectError Error)> puts = [];
            for (int i = 0; i < 12; i++)
            {
                string key = "k" + i;
                ObjectResult<PutReceipt> put = await fixture.Store.PutAsync(
                    StoreFixture.Request(key), new TestBody([1]), default);
                puts.Add((key, put.Error));
            }

            ObjectError deleted = await deletion;

            Assert.Contains(deleted, new[] { ObjectError.None, ObjectError.BucketNotEmpty });
            foreach ((string key, ObjectError error) in puts)
            {
                Assert.Contains(error, new[] { ObjectError.None, ObjectError.NoSuchBucket, ObjectError.Conflict });
                Assert.False(deleted == ObjectError.None && error == ObjectError.None, "A put was lost with its bucket.");
                if (error == ObjectError.None)
                {
                    Assert.Equal("\u0001", await fixture.ReadTextAsync(key));
                }
            }

            if (deleted != ObjectError.None)
            {
                await fixture.PutAsync("later");
            }
        },
        seeds: 20);

    // Some drives have accepted the put, the others have not yet been reached, when another coordinator deletes; one
    // drive does not take part in that.
    [Fact]
    public void A_put_held_up_on_any_drives_is_not_acknowledged_once_its_bucket_is_gone()
    {
        for (int combination = 0; combination < 16 * 4; combination++)
        {
            int held = combination % 16;
            int absent = combination / 16;
            StoreFixture.Run(
                async fixture =>
                {
                    await fixture.Store.GetBucketAsync(StoreFixture.Bucket, default);
                    await fixture.SettleAsync();
                    for (int drive = 0; drive < 4; drive++)
                    {
                        if ((held & (1 << drive)) != 0)
                        {
                            fixture.Drives[drive].Hang();
                        }
                    }

                    Task<ObjectResult<PutReceipt>> put = fixture.Store.PutAsync(
                        StoreFixture.Request("k"), new TestBody([1]), default).AsTask();
                    await fixture.DelayAsync(TimeSpan.FromMilliseconds(50));
                    fixture.OtherDrives[absent].Refuse = static called =>
                        called == "SetBucketGate" ? DriveFault.Io : DriveFault.None;
                    ObjectError deleted = await fixture.OtherStore.DeleteBucketAsync(StoreFixture.Bucket, default);
                    foreach (FaultyDrive drive in fixture.Drives)
                    {
                        drive.Release();
                    }

                    ObjectError error = (await put).Error;
                    Assert.False(deleted == ObjectError.None && error == ObjectError.None, "A put was lost with its bucket.");
                    if (error == ObjectError.None)
                    {
                        Assert.Equal("\u0001", await fixture.ReadTextAsync("k"));
                    }
                    else if (deleted == ObjectError.None)
                    {
                        Assert.Equal(ObjectError.NoSuchBucket, error);
                    }

                    await fixture.SettleAsync();
                    await fixture.ReopenAsync();
                    if (deleted != ObjectError.None)
                    {
                        await fixture.PutAsync("later");
                    }
                },
                seeds: 1);
        }
    }

    // Drives 1 and 2 have accepted the put and cannot be asked; drive 0 was not closed and will accept it.
    [Fact]
    public void A_drive_that_was_not_closed_does_not_testify_that_a_bucket_is_empty() => StoreFixture.Run(async fixture =>
    {
        await fixture.Store.GetBucketAsync(StoreFixture.Bucket, default);
        await fixture.OtherStore.GetBucketAsync(StoreFixture.Bucket, default);
        await fixture.SettleAsync();
        fixture.Drives[0].Hang();
        fixture.Drives[3].Hang();
        Task<ObjectResult<PutReceipt>> put = fixture.Store.PutAsync(
            StoreFixture.Request("k"), new TestBody([1]), default).AsTask();
        await fixture.DelayAsync(TimeSpan.FromMilliseconds(50));
        fixture.OtherDrives[0].Refuse = static called => called == "SetBucketGate" ? DriveFault.Io : DriveFault.None;
        fixture.OtherDrives[1].Refuse = static called => called == "List" ? DriveFault.Io : DriveFault.None;
        fixture.OtherDrives[2].Refuse = static called => called == "List" ? DriveFault.Io : DriveFault.None;

        ObjectError deleted = await fixture.OtherStore.DeleteBucketAsync(StoreFixture.Bucket, default);
        fixture.Drives[0].Release();
        fixture.Drives[3].Release();

        Assert.Equal(ObjectError.ReadQuorumLost, deleted);
        Assert.NotEqual(ObjectError.NoSuchBucket, (await put).Error);
    });

    [Fact]
    public void A_deletion_that_dies_anywhere_is_ended_by_the_next_start()
    {
        for (int delayMs = 0; delayMs < 60; delayMs += 3)
        {
            int killAt = delayMs;
            StoreFixture.Run(
                async fixture =>
                {
                    Task<ObjectError> dying = fixture.CallAsync(
                        store => store.DeleteBucketAsync(StoreFixture.Bucket, default));
                    await fixture.DelayAsync(TimeSpan.FromMilliseconds(killAt));
                    await fixture.CrashAsync();
                    await Task.WhenAny(dying);
                    Assert.True(dying.IsCompletedSuccessfully || dying.Exception?.InnerException is ProcessKilledException);
                    ObjectResult<PutReceipt> put = await fixture.Store.PutAsync(
                        StoreFixture.Request("k"), new TestBody([1]), default);
                    Assert.Contains(put.Error, new[] { ObjectError.None, ObjectError.NoSuchBucket, ObjectError.Conflict });
                    await fixture.SettleAsync();

                    bool exists = (await fixture.Store.GetBucketAsync(StoreFixture.Bucket, default)).IsOk;
                    Assert.True(exists || put.Error != ObjectError.None, "A put was lost with its bucket.");
                    Assert.True(!exists || !dying.IsCompletedSuccessfully, "An acknowledged deletion did not last.");
                    if (!exists)
                    {
                        Assert.True((await fixture.Store.CreateBucketAsync(StoreFixture.Bucket, default)).IsOk);
                    }

                    await fixture.PutAsync("later", "works");
                    Assert.Equal("works", await fixture.ReadTextAsync("later"));
                },
                seeds: 1);
        }
    }

    private static Task<ObjectError> DeleteAsync(StoreFixture fixture) =>
        fixture.Store.DeleteBucketAsync(StoreFixture.Bucket, default).AsTask();
}
