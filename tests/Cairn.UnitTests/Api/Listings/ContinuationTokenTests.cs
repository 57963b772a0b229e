using Cairn.Api.S3.Listings;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cairn.UnitTests.Api.Listings;

/// <summary>Method: any name goes through a token unchanged; any other text is refused.</summary>
public sealed class ContinuationTokenTests
{
    [Fact]
    public void Name_goes_through_unchanged() => Prop.ForAll<string>(name =>
    {
        name = string.Concat((name ?? "").EnumerateRunes());
        string token = ContinuationToken.Create(name);
        return ContinuationToken.TryParse(token, out string parsed) is null
            && parsed == name
            && token.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_a_token_or_an_error() => Prop.ForAll<string>(text =>
    {
        ContinuationToken.TryParse(text ?? "", out _);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("AmE")]
    [InlineData("Af8")]
    [InlineData("key/name")]
    public void Foreign_text_is_refused(string text) => Assert.NotNull(ContinuationToken.TryParse(text, out _));
}
