using System.Security.Cryptography;

namespace Cairn.Cli.Dev;

/// <summary>The credential and the cluster secret of a cluster on one machine, kept in its folder.</summary>
/// <remarks>
/// The lines are those of an environment file: what the nodes are started with, and what a shell can read. Only the owner
/// may read it. Failure: a file that is not understood is an InvalidDataException; making another one would lock clients out.
/// </remarks>
internal sealed record DevSecrets(IReadOnlyDictionary<string, string> Variables, bool IsNew)
{
    private const string User = "CAIRN_ROOT_USER";
    private const string Password = "CAIRN_ROOT_PASSWORD";
    private const string Cluster = "CAIRN_CLUSTER_SECRET";
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public string AccessKey => Variables[User];

    public string SecretKey => Variables[Password];

    public static DevSecrets ReadOrMake(string path)
    {
        bool isNew = !File.Exists(path);
        if (isNew)
        {
            Write(path);
        }

        Dictionary<string, string> variables = File.ReadLines(path)
            .Select(line => line.Split('=', 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1]);
        return ((string[])[User, Password, Cluster]).All(variables.ContainsKey)
            ? new DevSecrets(variables, isNew)
            : throw new InvalidDataException($"{path} does not hold the secrets of a cluster; restore it, or remove the folder.");
    }

    private static void Write(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var stream = new FileStream(path, options);
        using var writer = new StreamWriter(stream);
        writer.Write($"{User}={RandomNumberGenerator.GetString(Letters, 20)}\n");
        writer.Write($"{Password}={RandomNumberGenerator.GetHexString(40, lowercase: true)}\n");
        writer.Write($"{Cluster}={RandomNumberGenerator.GetHexString(64, lowercase: true)}\n");
    }
}
