namespace Cairn.Drives;

/// <summary>A value, or the fault that kept it away.</summary>
public readonly record struct DriveResult<T>(DriveFault Fault, T Value)
{
    public bool IsOk => Fault == DriveFault.None;

    public static implicit operator DriveResult<T>(T value) => new(DriveFault.None, value);

    public static implicit operator DriveResult<T>(DriveFault fault) => new(fault, default!);
}
