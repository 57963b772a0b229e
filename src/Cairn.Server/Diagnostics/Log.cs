using Cairn.Drives;
using Cairn.Objects.Healing;
using Cairn.Objects.Quorum;
using Microsoft.Extensions.Logging;

namespace Cairn.Server.Diagnostics;

/// <summary>What the host tells an operator. Event ids from 9000.</summary>
internal static partial class Log
{
    [LoggerMessage(9000, LogLevel.Information, "Kernels checked: {Kernels}")]
    public static partial void KernelsChecked(ILogger logger, string kernels);

    [LoggerMessage(9001, LogLevel.Information, "Drive {Name} is {State}")]
    public static partial void DriveJoined(ILogger logger, string name, DriveState state);

    [LoggerMessage(9002, LogLevel.Warning, "Drive {Name} is {State}: {Problem}")]
    public static partial void DriveLeft(ILogger logger, string name, DriveState state, string problem);

    [LoggerMessage(9003, LogLevel.Information, "Stopping: requests in flight have {Seconds} s")]
    public static partial void Draining(ILogger logger, double seconds);

    [LoggerMessage(9012, LogLevel.Information, "Leaving: serves for {Seconds} s more, while others are told")]
    public static partial void Leaving(ILogger logger, double seconds);

    [LoggerMessage(9004, LogLevel.Information, "Stopped: the drives are closed")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(9005, LogLevel.Information, "Drive {Name}: healing began ({Activity})")]
    public static partial void Healing(ILogger logger, string name, HealActivity activity);

    [LoggerMessage(
        9006,
        LogLevel.Information,
        "Drive {Name}: healed and verified, {Objects} values with {Bytes} bytes in {Seconds:F1} s")]
    public static partial void Healed(ILogger logger, string name, long objects, long bytes, double seconds);

    [LoggerMessage(9007, LogLevel.Information, "Drive {Name}: checked, {Bytes} bytes read, {Findings} damaged")]
    public static partial void Scrubbed(ILogger logger, string name, long bytes, long findings);

    [LoggerMessage(
        9008,
        LogLevel.Warning,
        "Drive {Name}: its index is damaged. It is begun anew and rebuilt as soon as all other drives are well")]
    public static partial void IndexDamaged(ILogger logger, string name);

    [LoggerMessage(9013, LogLevel.Warning, "Drive {Name} is full: what takes room is refused, what is on it is served")]
    public static partial void DriveFull(ILogger logger, string name);

    [LoggerMessage(9014, LogLevel.Warning, "Drive {Name} is set aside ({Reason}): it is asked only where others are too few")]
    public static partial void DriveAside(ILogger logger, string name, AsideReason reason);

    [LoggerMessage(9015, LogLevel.Information, "Drive {Name} answers in time again and is asked like the others")]
    public static partial void DriveTakenBack(ILogger logger, string name);

    [LoggerMessage(9009, LogLevel.Information, "Waiting for {What}")]
    public static partial void Waiting(ILogger logger, string what);

    [LoggerMessage(9010, LogLevel.Information, "Cannot tell yet which node this is: {Reason}")]
    public static partial void NodeUnknown(ILogger logger, string reason);

    [LoggerMessage(9011, LogLevel.Information, "Layout {Epoch} is taken: {Drives} drives are new in it")]
    public static partial void LayoutTaken(ILogger logger, long epoch, int drives);

    [LoggerMessage(
        9013,
        LogLevel.Information,
        "{Drives} drives of this node are not part of the store. An administrator can take them in: cairn admin layout plan")]
    public static partial void DrivesProposed(ILogger logger, int drives);
}
