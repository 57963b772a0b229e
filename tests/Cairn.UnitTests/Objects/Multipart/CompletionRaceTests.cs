using Cairn.Drives;
using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Listing;
using Cairn.Objects.Multipart;
using Cairn.Objects.Versions;
using Cairn.Testing.Simulation;
using Cairn.UnitTests.Objects.Commit;
using Cairn.UnitTests.Objects.Store;
using Xunit;

namespace Cairn.UnitTests.Objects.Multipart;

/// <remarks>
/// Method: completions, aborts, parts and puts at once, under many seeds, with and without a kill of the process at a
/// moment chosen by the seed. Whatever won: there is one outcome, the object reads whole, and in the end no upload,
/// part or unnamed byte is left.
/// </remarks>
public sealed class CompletionRaceTests
{
    private const string Key = "key";

    [Theory]
    [InlineData(BucketVersioning.Off)]
    [InlineData(BucketVersioning.Enabled)]
    public void Completion_and_abort_at_once_leave_one_outcome(BucketVersioning versioning) => StoreFixture.Run(
        async fixture =>
        {
            (string upload, CompletedPart[] parts) = await BeginAsync(fixture, versioning);

            Task<ObjectResult<PutReceipt>> completion = fixture.CompleteAsync(Key, upload, parts).AsTask();
            Task<ObjectError> abort = AbortAsync(fixture, upload);
            ObjectError completed = (await completion).Error;
            ObjectError aborted = await abort;

            Assert.Contains(
                (completed, aborted),
                new[] { (ObjectError.None, ObjectError.NoSuchUpload), (ObjectError.NoSuchUpload, ObjectError.None) });
            await AssertOutcomeAsync(fixture, isObject: completed == ObjectError.None);
        },
        seeds: 15);

    [Theory]
    [InlineData(BucketVersioning.Off)]
    [InlineData(BucketVersioning.Enabled)]
    public void Two_completions_at_once_make_one_version(BucketVersioning versioning) => StoreFixture.Run(
        async fixture =>
        {
            (string upload, CompletedPart[] parts) = await BeginAsync(fixture, versioning);

            ObjectResult<PutReceipt>[] done = await Task.WhenAll(
                fixture.CompleteAsync(Key, upload, parts).AsTask(),
                fixture.CompleteAsync(Key, upload, parts).AsTask());

            Assert.All(done, result => Assert.Equal(ObjectError.None, result.Error));
            Assert.Equal(done[0].Value, done[1].Value);
            await AssertOutcomeAsync(fixture, isObject: true);
        },
        seeds: 15);

    [Theory]
    [InlineData(BucketVersioning.Off)]
    [InlineData(BucketVersioning.Enabled)]
    public void An_abort_by_another_coordinator_at_any_moment_leaves_one_outcome(BucketVersioning versioning) =>
        RunWithDelays(async (fixture, delay) =>
        {
            (string upload, CompletedPart[] parts) = await BeginAsync(fixture, versioning);

            Task<ObjectResult<PutReceipt>> completion = fixture.CompleteAsync(Key, upload, parts).AsTask();
            await fixture.DelayAsync(delay);
            ObjectError aborted = await fixture.OtherStore.AbortUploadAsync(StoreFixture.Bucket, Key, upload, default);
            ObjectError completed = (await completion).Error;

            Assert.Contains(
                (completed, aborted),
                new[] { (ObjectError.None, ObjectError.NoSuchUpload), (ObjectError.NoSuchUpload, ObjectError.None) });
            await AssertOutcomeAsync(fixture, isObject: completed == ObjectError.None);
        });

    [Theory]
    [InlineData(BucketVersioning.Off)]
    [InlineData(BucketVersioning.Enabled)]
    public void A_completion_by_another_coordinator_at_any_moment_makes_no_second_version(BucketVersioning versioning) =>
        RunWithDelays(async (fixture, delay) =>
        {
            (string upload, CompletedPart[] parts) = await BeginAsync(fixture, versioning);
            CompleteRequest request = new() { Bucket = StoreFixture.Bucket, Key = Key, UploadId = upload, Parts = parts };

            Task<ObjectResult<PutReceipt>> completion = fixture.CompleteAsync(Key, upload, parts).AsTask();
            await fixture.DelayAsync(delay);
            ObjectResult<PutReceipt> other = await fixture.OtherStore.CompleteUploadAsync(request, default);
            ObjectResult<PutReceipt> one = await completion;

            // Both may give way to each other often enough to give up; then nothing has happened and one may repeat.
            Assert.All([one, other], result => Assert.Contains(result.Error, new[] { ObjectError.None, ObjectError.Conflict }));
            if (one.IsOk && other.IsOk)
            {
                Assert.Equal(one.Value, other.Value);
            }

            Assert.Equal(ObjectError.None, (await fixture.CompleteAsync(Key, upload, parts)).Error);
            await AssertOutcomeAsync(fixture, isObject: true);
        });

    // Behind its permission: the upload is Completing, the object not yet promised (Accept), or promised but the upload
    // not yet looked at again (Prepare).
    [Theory]
    [InlineData("Accept", 1, BucketVersioning.Off)]
    [InlineData("Accept", 1, BucketVersioning.Enabled)]
    [InlineData("Prepare", 2, BucketVersioning.Off)]
    [InlineData("Prepare", 2, BucketVersioning.Enabled)]
    public void A_completion_that_stalls_behind_its_permission_is_fenced_off_by_an_abort(
        string operation, int count, BucketVersioning versioning) => StoreFixture.Run(async fixture =>
        {
            (string upload, CompletedPart[] parts) = await BeginAsync(fixture, versioning);
            await fixture.SettleAsync();
            StallBehind(fixture, operation, count);
            Task<ObjectResult<PutReceipt>> completion = fixture.CompleteAsync(Key, upload, parts).AsTask();
            await fixture.SettleAsync();
            Assert.False(completion.IsCompleted);

            ObjectError aborted = await fixture.OtherStore.AbortUploadAsync(StoreFixture.Bucket, Key, upload, default);
            foreach (FaultyDrive drive in fixture.Drives)
            {
                drive.Release();
            }

            Assert.Equal(ObjectError.None, aborted);
            Assert.Equal(ObjectError.NoSuchUpload, (await completion).Error);
            await AssertOutcomeAsync(fixture, isObject: false);
        });

    [Fact]
    public void A_part_replaced_during_completion_does_not_hurt_the_object() => StoreFixture.Run(
        async fixture =>
        {
            (string upload, CompletedPart[] parts) = await BeginAsync(fixture, BucketVersioning.Off);

            Task<ObjectResult<PutReceipt>> completion = fixture.CompleteAsync(Key, upload, parts).AsTask();
            Task<ObjectResult<ObjectPart>> replacement = fixture.Store.PutPartAsync(
                StoreFixture.Bucket, Key, upload, 1, new TestBody(StoreFixture.Bytes(100, 9)), default).AsTask();
            ObjectError completed = (await completion).Error;
            ObjectError replaced = (await replacement).Error;

            Assert.Contains(completed, new[] { ObjectError.None, ObjectError.InvalidPart });
            Assert.Contains(replaced, new[] { ObjectError.None, ObjectError.NoSuchUpload });
            if (completed == ObjectError.None)
            {
                await AssertOutcomeAsync(fixture, isObject: true);
            }
            else
            {
                Assert.Equal(ObjectError.None, await AbortAsync(fixture, upload));
                await AssertOutcomeAsync(fixture, isObject: false);
            }
        },
        seeds: 15);

    [Fact]
    public void Of_two_conditional_completions_one_wins_and_the_other_upload_stays() => StoreFixture.Run(
        async fixture =>
        {
            (string one, CompletedPart[] parts) = await BeginAsync(fixture, BucketVersioning.Off);
            (string two, CompletedPart[] others) = await BeginAsync(fixture, BucketVersioning.Off);

            ObjectError[] errors = await Task.WhenAll(
                CompleteIfAbsentAsync(fixture, one, parts), CompleteIfAbsentAsync(fixture, two, others));

            Assert.Single(errors, ObjectError.None);
            Assert.Single(errors, ObjectError.PreconditionFailed);
            string loser = errors[0] == ObjectError.None ? two : one;
            Assert.Equal(ObjectError.None, await AbortAsync(fixture, loser));
            await AssertOutcomeAsync(fixture, isObject: true);
        },
        seeds: 15);

    [Theory]
    [InlineData(BucketVersioning.Off)]
    [InlineData(BucketVersioning.Enabled)]
    public void A_completion_that_dies_anywhere_is_completed_by_repeating_it(BucketVersioning versioning) => RunWithKill(
        versioning,
        async (fixture, upload, parts) =>
        {
            ObjectResult<PutReceipt> again = await fixture.CompleteAsync(Key, upload, parts);

            Assert.Equal(ObjectError.None, again.Error);
            Assert.Equal(again.Value, (await fixture.CompleteAsync(Key, upload, parts)).Value);
            await AssertOutcomeAsync(fixture, isObject: true);
        });

    [Theory]
    [InlineData(BucketVersioning.Off)]
    [InlineData(BucketVersioning.Enabled)]
    public void A_completion_that_dies_anywhere_can_be_aborted_unless_it_has_happened(BucketVersioning versioning) =>
        RunWithKill(
            versioning,
            async (fixture, upload, parts) =>
            {
                bool isObject = (await fixture.Store.DescribeAsync(StoreFixture.Bucket, Key, null, default)).IsOk;

                ObjectError aborted = await AbortAsync(fixture, upload);

                Assert.Contains(aborted, new[] { ObjectError.None, ObjectError.NoSuchUpload });
                Assert.True(!isObject || aborted == ObjectError.NoSuchUpload, "What was seen must not be aborted.");
                await AssertOutcomeAsync(fixture, isObject: aborted == ObjectError.NoSuchUpload);
                Assert.Equal(
                    aborted == ObjectError.None ? ObjectError.NoSuchUpload : ObjectError.None,
                    (await fixture.CompleteAsync(Key, upload, parts)).Error);
            });

    // The call that is counted last still passes; everything after it waits.
    private static void StallBehind(StoreFixture fixture, string operation, int count)
    {
        foreach (FaultyDrive drive in fixture.Drives)
        {
            int left = count;
            drive.Refuse = called =>
            {
                if (called == operation && --left == 0)
                {
                    drive.Hang();
                }

                return DriveFault.None;
            };
        }
    }

    private static void RunWithDelays(Func<StoreFixture, TimeSpan, Task> scenario)
    {
        for (int tenths = 0; tenths < 400; tenths += 12)
        {
            TimeSpan delay = TimeSpan.FromMilliseconds(tenths / 10.0);
            StoreFixture.Run(fixture => scenario(fixture, delay), seeds: 1);
        }
    }

    [Fact]
    public void An_abort_that_dies_anywhere_leaves_the_upload_or_nothing()
    {
        for (int delayMs = 0; delayMs < 45; delayMs += 3)
        {
            int killAt = delayMs;
            StoreFixture.Run(
                async fixture =>
                {
                    (string upload, CompletedPart[] parts) = await BeginAsync(fixture, BucketVersioning.Off);
                    await fixture.SettleAsync();
                    Task<ObjectError> dying = fixture.CallAsync(
                        store => store.AbortUploadAsync(StoreFixture.Bucket, Key, upload, default));
                    await fixture.DelayAsync(TimeSpan.FromMilliseconds(killAt));
                    await fixture.CrashAsync();
                    await Task.WhenAny(dying);
                    await fixture.DelayAsync(TimeSpan.FromSeconds(30));

                    bool isThere = (await fixture.Store.GetUploadAsync(StoreFixture.Bucket, Key, upload, default)).IsOk;
                    Assert.False(isThere && dying.IsCompletedSuccessfully, "An acknowledged abort did not last.");
                    if (isThere)
                    {
                        Assert.Equal(ObjectError.None, (await fixture.CompleteAsync(Key, upload, parts)).Error);
                    }

                    await AssertOutcomeAsync(fixture, isObject: isThere);
                },
                seeds: 1);
        }
    }

    private static void RunWithKill(
        BucketVersioning versioning, Func<StoreFixture, string, CompletedPart[], Task> afterwards)
    {
        for (int delayMs = 0; delayMs < 60; delayMs += 3)
        {
            int killAt = delayMs;
            StoreFixture.Run(
                async fixture =>
                {
                    (string upload, CompletedPart[] parts) = await BeginAsync(fixture, versioning);
                    await fixture.SettleAsync();
                    CompleteRequest request = new()
                    {
                        Bucket = StoreFixture.Bucket,
                        Key = Key,
                        UploadId = upload,
                        Parts = parts,
                    };
                    Task<ObjectResult<PutReceipt>> dying = fixture.CallAsync(
                        store => store.CompleteUploadAsync(request, default));
                    await fixture.DelayAsync(TimeSpan.FromMilliseconds(killAt));
                    await fixture.CrashAsync();
                    await Task.WhenAny(dying);
                    bool isAnswered = dying.IsCompletedSuccessfully;
                    Assert.True(isAnswered || dying.Exception?.InnerException is ProcessKilledException);
                    if (isAnswered)
                    {
                        await AssertReadsAsync(fixture);
                    }

                    await afterwards(fixture, upload, parts);
                },
                seeds: 1);
        }
    }

    private static async Task<(string Upload, CompletedPart[] Parts)> BeginAsync(
        StoreFixture fixture, BucketVersioning versioning)
    {
        if (versioning != BucketVersioning.Off)
        {
            await fixture.SetVersioningAsync(versioning);
        }

        string upload = await fixture.CreateUploadAsync(Key);
        return (upload,
            [
                await fixture.PutPartAsync(Key, upload, 1, StoreFixture.Bytes(100, 1)),
                await fixture.PutPartAsync(Key, upload, 2, StoreFixture.Bytes(50, 2)),
            ]);
    }

    private static Task<ObjectError> AbortAsync(StoreFixture fixture, string upload) =>
        fixture.Store.AbortUploadAsync(StoreFixture.Bucket, Key, upload, default).AsTask();

    private static async Task<ObjectError> CompleteIfAbsentAsync(
        StoreFixture fixture, string upload, CompletedPart[] parts)
    {
        CompleteRequest request = new()
        {
            Bucket = StoreFixture.Bucket,
            Key = Key,
            UploadId = upload,
            Parts = parts,
            Condition = new WriteCondition(true, null),
        };
        return (await fixture.Store.CompleteUploadAsync(request, default)).Error;
    }

    private static async Task AssertReadsAsync(StoreFixture fixture) => Assert.Equal(
        (byte[])[.. StoreFixture.Bytes(100, 1), .. StoreFixture.Bytes(50, 2)], await fixture.ReadAsync(Key));

    private static async Task AssertOutcomeAsync(StoreFixture fixture, bool isObject)
    {
        if (isObject)
        {
            await AssertReadsAsync(fixture);
        }
        else
        {
            Assert.Equal("NoSuchKey", await fixture.ReadTextAsync(Key));
        }

        ObjectResult<UploadPage> uploads = await fixture.Store.ListUploadsAsync(
            new UploadQuery { Bucket = StoreFixture.Bucket }, default);
        Assert.Empty(uploads.Value!.Uploads);
        ObjectResult<VersionPage> versions = await fixture.Store.ListVersionsAsync(
            new VersionQuery { Bucket = StoreFixture.Bucket }, default);
        Assert.Equal(isObject ? 1 : 0, versions.Value!.Versions.Count);
        await fixture.SettleAsync();
        await fixture.ReopenAsync();
        await fixture.SettleAsync();
        Assert.Equal(isObject ? 2 : 0, fixture.CountData());
        if (isObject)
        {
            await AssertReadsAsync(fixture);
        }
    }
}
