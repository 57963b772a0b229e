using System.Text;

namespace Cairn.SystemTests.Harness;

/// <summary>A copy of the program that says it is another version.</summary>
/// <remarks>
/// The version is a text in the assembly; one of its digits is replaced by another, so that everything keeps its place.
/// What differs is what nodes tell each other of themselves. Releases that differ in more are tested where there are any.
/// </remarks>
internal sealed class OtherVersion : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    private OtherVersion(string version) => Version = version;

    public string Version { get; }

    public string FilePath => _scratch.Combine(Path.GetFileName(CairnExecutable.FilePath));

    public static OtherVersion Create()
    {
        string source = Path.GetDirectoryName(CairnExecutable.FilePath)!;
        string program = Path.Combine(source, "cairn.dll");
        string current = System.Diagnostics.FileVersionInfo.GetVersionInfo(program).ProductVersion!.Split('+')[0];
        string version = current[..^1] + (current[^1] == '9' ? '8' : '9');
        OtherVersion other = new(version);
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = other._scratch.Combine(Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        string assembly = other._scratch.Combine("cairn.dll");
        byte[] bytes = File.ReadAllBytes(assembly);
        byte[] text = Encoding.UTF8.GetBytes(current);
        int found = 0;
        for (int at = bytes.AsSpan().IndexOf(text); at >= 0;)
        {
            Encoding.UTF8.GetBytes(version).CopyTo(bytes, at);
            found++;
            int next = bytes.AsSpan(at + text.Length).IndexOf(text);
            at = next < 0 ? -1 : at + text.Length + next;
        }

        Assert.True(found > 0, $"The version {current} is not in {program}.");
        File.WriteAllBytes(assembly, bytes);
        return other;
    }

    public void Dispose() => _scratch.Dispose();
}
