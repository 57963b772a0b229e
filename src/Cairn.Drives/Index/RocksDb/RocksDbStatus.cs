using System.Runtime.InteropServices;
using Cairn.Drives.Os;

namespace Cairn.Drives.Index.RocksDb;

/// <summary>Turns RocksDB's error texts into faults.</summary>
internal static unsafe class RocksDbStatus
{
    /// <summary>Takes the text over; null when there was no error.</summary>
    public static string? Take(byte* error)
    {
        if (error is null)
        {
            return null;
        }

        string text = Marshal.PtrToStringUTF8((nint)error) ?? string.Empty;
        RocksDbNative.Free(error);
        return text;
    }

    public static void ThrowOn(byte* error)
    {
        if (Take(error) is { } text)
        {
            throw ToException(text);
        }
    }

    public static bool IsIncomplete(string text) => text.StartsWith("Result incomplete", StringComparison.Ordinal);

    public static DriveIoException ToException(string text)
    {
        DriveFault fault = FaultOf(text);
        return new DriveIoException(fault, "RocksDB: " + text) { IsOfIndex = fault == DriveFault.Corrupt };
    }

    // The C interface gives no code, only the words of Status::ToString, which have not changed in ten years.
    private static DriveFault FaultOf(string text) =>
        text.StartsWith("Corruption", StringComparison.Ordinal) ? DriveFault.Corrupt
        : text.Contains("No space left", StringComparison.Ordinal) ? DriveFault.Full
        : DriveFault.Io;
}
