using System.Diagnostics;
using Cairn.Drives.Os;
using Xunit;

namespace Cairn.UnitTests.Drives;

// Tells it of calls that began so long ago, and asks whether the next one may run where its caller is.
public sealed class DevicePaceTests
{
    private static readonly TimeSpan Quick = TimeSpan.FromMicroseconds(5);
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(5);

    private readonly DevicePace _pace = new(limit: 2);

    [Fact]
    public void Device_that_hangs_keeps_no_more_threads_than_the_limit()
    {
        Assert.True(_pace.TryEnter());
        Assert.True(_pace.TryEnter());
        Assert.False(_pace.TryEnter());
        Assert.False(_pace.TryEnter());
        _pace.Exit(Began(Quick));
        Assert.True(_pace.TryEnter());
        Assert.False(_pace.TryEnter());
    }

    [Fact]
    public void Thread_that_loses_the_processor_now_and_then_does_not_end_the_quick_times()
    {
        for (int i = 1; i <= 10_000; i++)
        {
            Record(i % 100 == 0 ? Long : Quick);
            Assert.True(IsQuick(), $"After {i} calls.");
        }
    }

    [Fact]
    public void Device_that_often_waits_is_not_quick_and_quick_calls_bring_it_back()
    {
        for (int i = 1; i <= 1_000; i++)
        {
            Record(i % 10 == 0 ? Long : Quick);
        }

        Assert.False(IsQuick());
        for (int i = 1; i <= 1_000; i++)
        {
            Record(Quick);
        }

        Assert.True(IsQuick());
    }

    [Fact]
    public void Device_that_begins_to_wait_ends_the_quick_times_within_a_few_calls()
    {
        int calls = 0;
        while (IsQuick())
        {
            Record(Long);
            calls++;
        }

        Assert.InRange(calls, 2, 8);
    }

    private static long Began(TimeSpan ago) => Stopwatch.GetTimestamp() - (long)(ago.TotalSeconds * Stopwatch.Frequency);

    private void Record(TimeSpan length) => _pace.Record(Began(length));

    // The call that asks counts as a quick one.
    private bool IsQuick()
    {
        if (!_pace.TryEnter())
        {
            return false;
        }

        _pace.Exit(Began(Quick));
        return true;
    }
}
