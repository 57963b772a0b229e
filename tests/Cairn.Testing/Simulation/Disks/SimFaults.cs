namespace Cairn.Testing.Simulation.Disks;

/// <summary>What is wrong with a disk right now. Scenarios turn the knobs at any time.</summary>
internal sealed class SimFaults
{
    private TaskCompletionSource? _hang;

    /// <summary>Chance that a read, of a file or the index, reports an I/O error.</summary>
    public double ReadErrorChance { get; set; }

    /// <summary>Chance that a write reports an I/O error; part of it may have been done.</summary>
    public double WriteErrorChance { get; set; }

    /// <summary>Chance that a sync reports an error. What it should have made durable then never becomes so.</summary>
    public double SyncErrorChance { get; set; }

    /// <summary>Multiplies every duration.</summary>
    public double Slowness { get; set; } = 1;

    /// <summary>Whether operations wait, whatever their cancellation says, until the hang is released.</summary>
    public bool IsHanging => _hang is not null;

    /// <summary>Ends when the disk no longer hangs.</summary>
    public Task HangEnd => _hang?.Task ?? Task.CompletedTask;

    public void Hang() =>
        _hang ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release()
    {
        TaskCompletionSource? hang = _hang;
        _hang = null;
        hang?.SetResult();
    }

    public bool IsClear =>
        ReadErrorChance == 0 && WriteErrorChance == 0 && SyncErrorChance == 0 && Slowness == 1 && !IsHanging;

    /// <summary>Healthy again, from now on.</summary>
    public void Clear()
    {
        ReadErrorChance = 0;
        WriteErrorChance = 0;
        SyncErrorChance = 0;
        Slowness = 1;
        Release();
    }
}
