using Cairn.Security.Identities;
using Xunit;

namespace Cairn.UnitTests.Security;

/// <summary>Method: what a credential shows of itself, and who is found.</summary>
public sealed class CredentialTests
{
    // RustFS GHSA-r54g and relatives: secrets in logs.
    [Fact]
    public void GHSA_r54g_secret_and_token_are_never_printed()
    {
        var credential = new Credential("key", "the secret", "the token");
        Assert.Equal("Credential key", credential.ToString());
        Assert.DoesNotContain("secret", $"{credential}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key", true)]
    [InlineData("KEY", false)]
    [InlineData("key ", false)]
    [InlineData("", false)]
    public void Key_is_found_exactly(string accessKey, bool isFound)
    {
        var directory = new CredentialDirectory(new Credential("key", "secret"));
        Assert.Equal(isFound, directory.TryFind(accessKey, out Credential? credential, out Identity? identity));
        Assert.Equal(isFound ? "secret" : null, credential?.SecretKey);
        Assert.Equal(isFound ? IdentityKind.Root : null, identity?.Kind);
    }
}
