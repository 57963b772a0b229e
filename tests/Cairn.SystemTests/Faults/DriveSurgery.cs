using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Faults;

/// <summary>Takes drive folders away from a node and gives them back.</summary>
internal static class DriveSurgery
{
    public static void Take(ProcessNode node, int drive) => Directory.Move(node.DriveFolders[drive], Aside(node, drive));

    public static void Return(ProcessNode node, int drive) => Directory.Move(Aside(node, drive), node.DriveFolders[drive]);

    public static void Destroy(ProcessNode node, int drive)
    {
        // Moved first: a process that keeps writing into the tree would race with its removal.
        Take(node, drive);
        Directory.Delete(Aside(node, drive), recursive: true);
    }

    public static void Replace(ProcessNode node, int drive) => Directory.CreateDirectory(node.DriveFolders[drive]);

    /// <summary>Turns one bit in the middle of a file around, without changing its length.</summary>
    public static void FlipBit(string path)
    {
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        long middle = file.Length / 2;
        file.Position = middle;
        int value = file.ReadByte();
        file.Position = middle;
        file.WriteByte((byte)(value ^ 0x10));
    }

    private static string Aside(ProcessNode node, int drive) =>
        Path.Combine(node.AsideFolder, Path.GetFileName(node.DriveFolders[drive]));
}
