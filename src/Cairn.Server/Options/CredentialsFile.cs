namespace Cairn.Server.Options;

/// <summary>The file that keeps a generated root credential.</summary>
/// <remarks>
/// Purpose: no default credentials, and no start without any. The lines are those of an environment file, so a shell
/// or a service unit can read them as they are.
/// Invariants: only its owner may read it; it is written whole or not at all, and never overwritten.
/// Failure: a file that others may read, or that is not understood, stops the start: going on would either use a
/// secret that has leaked or lock out the clients that hold the old one.
/// </remarks>
internal static class CredentialsFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads the credential, or generates and keeps one.</summary>
    /// <returns>The credential, and whether it is new and must be shown to the user.</returns>
    /// <exception cref="InvalidDataException">The file cannot be trusted; the message says what to do.</exception>
    public static (RootCredential Credential, bool IsNew) ReadOrGenerate(string path)
    {
        if (File.Exists(path))
        {
            return (Read(path), false);
        }

        var credential = RootCredential.Generate();
        Write(path, credential);
        return (credential, true);
    }

    private static RootCredential Read(string path)
    {
        UnixFileMode mode = File.GetUnixFileMode(path);
        if ((mode & ~OwnerOnly & ~UnixFileMode.UserExecute) != 0)
        {
            throw new InvalidDataException(
                $"{path} holds the root credential and others may read it; change the credential, then: chmod 600 {path}");
        }

        Dictionary<string, string> lines = File.ReadLines(path)
            .Select(line => line.Split('=', 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1]);
        if (lines.TryGetValue(ServerSettings.RootUser.EnvironmentName, out string? user)
            && lines.TryGetValue(ServerSettings.RootPassword.EnvironmentName, out string? password)
            && RootCredential.IsValidUser(user)
            && RootCredential.IsValidPassword(password))
        {
            return new RootCredential(user, password);
        }

        throw new InvalidDataException(
            $"{path} does not hold a root credential; restore it, or remove it to generate a new one");
    }

    private static void Write(string path, RootCredential credential)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string unfinished = path + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        };
        using (var stream = new FileStream(unfinished, options))
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write($"{ServerSettings.RootUser.EnvironmentName}={credential.User}\n");
            writer.Write($"{ServerSettings.RootPassword.EnvironmentName}={credential.Password}\n");
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: false);
    }
}
