namespace Cairn.Drives.Os;

/// <summary>A device or file system refused. Caught at the drive's surface and turned into its fault.</summary>
public sealed class DriveIoException : IOException
{
    public DriveIoException(DriveFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    public DriveFault Fault { get; }

    /// <summary>With Corrupt: the index itself is damaged, not one value in it. It has to be made anew.</summary>
    public bool IsOfIndex { get; init; }
}
