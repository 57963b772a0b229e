using Cairn.Objects;
using Cairn.Objects.Commit;
using Cairn.Objects.Records;
using Cairn.Objects.Versions;
using Cairn.UnitTests.Objects.Records;
using Xunit;

namespace Cairn.UnitTests.Objects.Versions;

/// <remarks>Method: each condition against an absent key, a delete marker and an object.</remarks>
public sealed class WriteConditionTests
{
    private const string ETag = "000102030405060708090a0b0c0d0e0f";

    private static readonly RegisterValue Object = RecordSamples.Value(
        VersionRecordCodec.Encode(RecordSamples.Single), RecordSamples.Single.Pieces);

    private static readonly RegisterValue Marker = RecordSamples.Value(
        VersionRecordCodec.Encode(VersionRecord.DeleteMarker));

    [Fact]
    public void Must_not_exist_holds_for_an_absent_key_and_for_a_delete_marker()
    {
        WriteCondition condition = new(MustNotExist: true, IfMatch: null);

        Assert.Equal(ObjectError.None, Conditions.Evaluate(condition, null));
        Assert.Equal(ObjectError.None, Conditions.Evaluate(condition, Marker));
        Assert.Equal(ObjectError.PreconditionFailed, Conditions.Evaluate(condition, Object));
    }

    [Theory]
    [InlineData("*")]
    [InlineData(ETag)]
    [InlineData("000102030405060708090A0B0C0D0E0F")]
    public void If_match_holds_for_any_of_its_etags(string etag)
    {
        WriteCondition condition = new(MustNotExist: false, ["other", etag]);

        Assert.Equal(ObjectError.None, Conditions.Evaluate(condition, Object));
    }

    [Fact]
    public void If_match_fails_for_another_etag_and_finds_no_key_where_there_is_none()
    {
        WriteCondition condition = new(MustNotExist: false, [ETag + "-2"]);

        Assert.Equal(ObjectError.PreconditionFailed, Conditions.Evaluate(condition, Object));
        Assert.Equal(ObjectError.NoSuchKey, Conditions.Evaluate(condition, null));
        Assert.Equal(ObjectError.NoSuchKey, Conditions.Evaluate(condition, Marker));
    }

    [Fact]
    public void Size_and_time_are_compared_to_the_byte_and_to_the_second()
    {
        DateTimeOffset born = RecordSamples.Start.Time;
        WriteCondition same = new(false, null)
        {
            IfSize = 300,
            IfLastModified = DateTimeOffset.FromUnixTimeSeconds(born.ToUnixTimeSeconds()),
        };

        Assert.Equal(ObjectError.None, Conditions.Evaluate(same, Object));
        Assert.Equal(ObjectError.PreconditionFailed, Conditions.Evaluate(same with { IfSize = 301 }, Object));
        Assert.Equal(
            ObjectError.PreconditionFailed,
            Conditions.Evaluate(same with { IfLastModified = born.AddSeconds(1) }, Object));
    }
}
