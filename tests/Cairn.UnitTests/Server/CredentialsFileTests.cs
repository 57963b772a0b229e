using Cairn.Server.Options;
using Xunit;

namespace Cairn.UnitTests.Server;

public sealed class CredentialsFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cairn-credentials-");

    private string FilePath => Path.Combine(_folder.FullName, "new", ".cairn-credentials");

    [Fact]
    public void The_first_start_generates_a_credential_and_the_next_one_reads_it()
    {
        (RootCredential first, bool isNew) = CredentialsFile.ReadOrGenerate(FilePath);
        Assert.True(isNew);
        Assert.True(RootCredential.IsValidUser(first.User));
        Assert.True(RootCredential.IsValidPassword(first.Password));
        Assert.Equal((first, false), CredentialsFile.ReadOrGenerate(FilePath));
        Assert.NotEqual(first, CredentialsFile.ReadOrGenerate(FilePath + "2").Credential);
    }

    [Fact]
    public void Only_the_owner_can_read_the_file()
    {
        CredentialsFile.ReadOrGenerate(FilePath);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_file_that_others_can_reach_is_refused(UnixFileMode extra)
    {
        CredentialsFile.ReadOrGenerate(FilePath);
        File.SetUnixFileMode(FilePath, File.GetUnixFileMode(FilePath) | extra);
        Assert.Throws<InvalidDataException>(() => CredentialsFile.ReadOrGenerate(FilePath));
    }

    [Theory]
    [InlineData("")]
    [InlineData("CAIRN_ROOT_USER=someone\n")]
    [InlineData("CAIRN_ROOT_USER=someone\nCAIRN_ROOT_PASSWORD=short\n")]
    public void A_file_without_a_credential_is_never_overwritten(string content)
    {
        CredentialsFile.ReadOrGenerate(FilePath);
        File.WriteAllText(FilePath, content);
        Assert.Throws<InvalidDataException>(() => CredentialsFile.ReadOrGenerate(FilePath));
        Assert.Equal(content, File.ReadAllText(FilePath));
    }

    [Fact]
    public void A_credential_does_not_print_its_secret()
    {
        var credential = RootCredential.Generate();
        Assert.DoesNotContain(credential.Password, credential.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
