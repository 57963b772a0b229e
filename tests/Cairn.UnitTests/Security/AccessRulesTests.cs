using Cairn.Security.Identities;
using Cairn.Security.Policies;
using Xunit;

namespace Cairn.UnitTests.Security;

/// <summary>Method: every kind of identity against named, unnamed and absent actions.</summary>
public sealed class AccessRulesTests
{
    private static readonly Identity Root = new(IdentityKind.Root, "key");

    [Fact]
    public void Root_may_do_what_has_a_name() => Assert.Equal(
        AccessVerdict.Allowed, AccessRules.Evaluate(new AccessRequest(Root, "s3:GetObject", "b", "k")));

    [Fact]
    public void Anonymous_may_do_nothing() => Assert.Equal(
        AccessVerdict.Denied, AccessRules.Evaluate(new AccessRequest(Identity.Anonymous, "s3:GetObject", "b", "k")));

    // Fail closed: an operation that nobody gave an action is nobody's.
    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void Action_without_a_name_is_refused_to_everybody(string? action) => Assert.Equal(
        AccessVerdict.Denied, AccessRules.Evaluate(new AccessRequest(Root, action!, "b", "k")));

    [Fact]
    public void Kind_of_identity_that_nobody_knows_has_no_rights() => Assert.Equal(
        AccessVerdict.Denied,
        AccessRules.Evaluate(new AccessRequest(new Identity((IdentityKind)99, "x"), "s3:GetObject", "b", "k")));

    [Fact]
    public void Nothing_is_allowed_by_default()
    {
        Assert.Equal(AccessVerdict.Denied, default);
        Assert.Equal(IdentityKind.Anonymous, default);
    }
}
