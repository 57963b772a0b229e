using Cairn.Objects;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>How a client gets at the store: as over a connection to the process that serves it.</summary>
internal abstract class StoreAccess
{
    /// <summary>Calls the store inside its process, once it is up.</summary>
    /// <exception cref="ProcessKilledException">There is no answer; whether the call took effect is unknown.</exception>
    public abstract Task<T> CallAsync<T>(Func<ObjectStore, Task<T>> call);

    public Task<T> CallAsync<T>(Func<ObjectStore, ValueTask<T>> call) => CallAsync(store => call(store).AsTask());
}
