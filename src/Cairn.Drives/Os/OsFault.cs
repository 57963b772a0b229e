namespace Cairn.Drives.Os;

/// <summary>Turns the framework's file exceptions into the drive's faults.</summary>
internal static class OsFault
{
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;

    public static T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException and not DriveIoException or UnauthorizedAccessException or ObjectDisposedException)
        {
            throw ToDriveException(e);
        }
    }

    public static void Guard(Action work) => Guard(() =>
    {
        work();
        return true;
    });

    public static DriveIoException FromErrno(int error, string act) =>
        new(FaultOf(error), $"{act} failed: {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(error)}.");

    public static DriveIoException ToDriveException(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => new DriveIoException(DriveFault.NotFound, e.Message, e),
        ObjectDisposedException => new DriveIoException(DriveFault.Offline, "The file is closed.", e),
        _ => new DriveIoException(FaultOf(e.HResult & 0xffff), e.Message, e),
    };

    private static DriveFault FaultOf(int error) =>
        error is NoSpaceLeft or QuotaExceeded ? DriveFault.Full : DriveFault.Io;
}
