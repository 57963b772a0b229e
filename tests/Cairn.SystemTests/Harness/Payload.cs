using System.Security.Cryptography;

namespace Cairn.SystemTests.Harness;

/// <summary>Reproducible contents: the same seed and size give the same bytes, so a hash can always be recomputed.</summary>
internal static class Payload
{
    private const int BlockSize = 1 << 20;

    public static byte[] Create(int seed, int size)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Writes a file block by block, so that large files cost no memory here.</summary>
    public static string WriteFile(string path, int seed, long size)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var random = new Random(seed);
        var block = new byte[BlockSize];
        using var file = File.Create(path);
        for (var left = size; left > 0; left -= BlockSize)
        {
            random.NextBytes(block);
            file.Write(block, 0, (int)Math.Min(left, BlockSize));
        }

        return path;
    }

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static string HashFile(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Relative path to hash of every file below a folder: equal results mean equal trees.</summary>
    public static SortedDictionary<string, string> HashTree(string folder)
    {
        var tree = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            tree.Add(Path.GetRelativePath(folder, file), HashFile(file));
        }

        return tree;
    }
}
