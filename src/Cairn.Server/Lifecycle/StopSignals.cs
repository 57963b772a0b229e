using System.Diagnostics;
using System.Runtime.InteropServices;
using Cairn.Cli;

namespace Cairn.Server.Lifecycle;

/// <summary>Turns SIGTERM and SIGINT into an orderly stop, and a second one into an immediate end.</summary>
/// <remarks>
/// Purpose: a service manager sends SIGTERM once and waits; a person who presses Ctrl+C twice means it. What is
/// acknowledged is durable either way.
/// Concurrency: signals arrive on threads of the runtime.
/// </remarks>
internal sealed class StopSignals : IDisposable
{
    // A terminal sends Ctrl+C to a supervisor and its nodes at once, and the supervisor passes it on.
    private static readonly TimeSpan SameRequest = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource<PosixSignal> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private long _firstAt;

    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
    ];

    /// <summary>Ends with the first signal.</summary>
    public Task<PosixSignal> First => _first.Task;

    /// <summary>Cancelled by the first signal, for what waits before the node serves.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_first.TrySetResult(context.Signal))
        {
            Volatile.Write(ref _firstAt, Stopwatch.GetTimestamp());
            _stop.Cancel();
        }
        else if (Volatile.Read(ref _firstAt) is var at && at != 0 && Stopwatch.GetElapsedTime(at) > SameRequest)
        {
            Environment.Exit(ExitCodes.Interrupted);
        }
    }
}
