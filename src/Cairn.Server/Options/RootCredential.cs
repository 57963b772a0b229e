using System.Security.Cryptography;

namespace Cairn.Server.Options;

/// <summary>The root credential: an access key and its secret.</summary>
/// <remarks>Concurrency: immutable. The secret never appears in ToString, so it cannot reach a log by accident.</remarks>
internal sealed record RootCredential(string User, string Password)
{
    public const string AcceptedUser = "3 to 128 characters without '=', ',', '/' or spaces";

    public const string AcceptedPassword = "8 to 128 characters without spaces at either end";

    // Upper-case letters and digits without those that are mistaken for each other when read aloud or typed.
    private const string UserAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    // Letters and digits only: such a secret survives every shell, URL and configuration file unquoted.
    private const string PasswordAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static bool IsValidUser(string user) =>
        user.Length is >= 3 and <= 128 && !user.Any(c => c is '=' or ',' or '/' || char.IsWhiteSpace(c) || c < ' ');

    public static bool IsValidPassword(string password) =>
        password.Length is >= 8 and <= 128 && password.Trim().Length == password.Length && !password.Any(c => c < ' ');

    /// <summary>A credential nobody can guess: 100 and 238 bits, in the lengths AWS uses.</summary>
    public static RootCredential Generate() => new(
        RandomNumberGenerator.GetString(UserAlphabet, 20),
        RandomNumberGenerator.GetString(PasswordAlphabet, 40));

    public override string ToString() => $"root credential {User}";
}
