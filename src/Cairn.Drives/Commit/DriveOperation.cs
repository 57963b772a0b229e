using Cairn.Drives.Registers;

namespace Cairn.Drives.Commit;

/// <summary>A change that waits for its batch.</summary>
internal abstract class DriveOperation
{
    /// <summary>Bytes that the operation brings, to bound what is queued.</summary>
    public virtual int SizeBytes => 256;

    /// <summary>
    /// Needs room: refused while the drive is short of it. Whatever gives room back, or is needed to, does not.
    /// </summary>
    public virtual bool NeedsRoom => false;

    /// <summary>The register that it will look at, if that is known before: read together with those of others.</summary>
    public virtual RegisterKey? Register => null;

    /// <summary>The key in Shards that it will look for, likewise.</summary>
    public virtual byte[]? ShardKey => null;

    /// <summary>Decides, and adds changes to the batch. The outcome is kept until the batch is durable.</summary>
    /// <exception cref="Os.DriveIoException">Nothing is changed; the operation fails alone.</exception>
    public abstract ValueTask EvaluateAsync(BatchScope scope);

    /// <summary>Answers with what was decided: the batch is durable.</summary>
    public abstract void Complete();

    /// <summary>Answers with a fault.</summary>
    public abstract void Fail(DriveFault fault);
}
