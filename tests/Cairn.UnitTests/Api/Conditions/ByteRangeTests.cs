using Cairn.Api.S3.Conditions;
using Cairn.Api.S3.Errors;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cairn.UnitTests.Api.Conditions;

/// <summary>Method: a model that tries every byte, against the arithmetic.</summary>
public sealed class ByteRangeTests
{
    [Fact]
    public void Range_holds_exactly_the_bytes_between_its_ends() => Prop.ForAll<byte, byte, byte>((first, last, size) =>
    {
        S3Error? error = ByteRange.TryParse($"bytes={first}-{last}", size, out ByteRange? range);
        if (first > last)
        {
            return error is null && range is null;
        }

        int[] expected = [.. Enumerable.Range(0, size).Where(at => at >= first && at <= last)];
        return expected.Length == 0
            ? error?.Code == "InvalidRange"
            : error is null && range == new ByteRange(expected[0], expected.Length);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Suffix_holds_the_last_bytes() => Prop.ForAll<byte, byte>((length, size) =>
    {
        S3Error? error = ByteRange.TryParse($"bytes=-{length}", size, out ByteRange? range);
        int expected = Math.Min(length, size);
        return expected == 0
            ? error?.Code == "InvalidRange"
            : error is null && range == new ByteRange(size - expected, expected);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_header_is_a_range_inside_or_nothing() => Prop.ForAll<string, byte>((text, size) =>
    {
        S3Error? error = ByteRange.TryParse("bytes=" + text, size, out ByteRange? range);
        return error is null
            ? range is not { } some || (some.Offset >= 0 && some.Length > 0 && some.Offset + some.Length <= size)
            : range is null;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("bytes=0-18446744073709551616", 0, 10)]
    [InlineData("bytes=-18446744073709551616", 0, 10)]
    [InlineData("bytes=0-9223372036854775807", 0, 10)]
    [InlineData("BYTES=0-1", 0, 2)]
    public void Numbers_beyond_64_bits_do_not_overflow(string header, long offset, long length)
    {
        Assert.Null(ByteRange.TryParse(header, 10, out ByteRange? range));
        Assert.Equal(new ByteRange(offset, length), range);
    }

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("\"a\"", "a", true)]
    [InlineData("W/\"a\"", "a", true)]
    [InlineData("\"x\", \"a\"", "a", true)]
    [InlineData("*", "a", true)]
    [InlineData("\"b\"", "a", false)]
    [InlineData("", "a", false)]
    [InlineData(",,", "a", false)]
    public void Entity_tags_match_in_every_spelling(string header, string etag, bool matches) =>
        Assert.Equal(matches, ETagList.Matches(header, etag));
}
