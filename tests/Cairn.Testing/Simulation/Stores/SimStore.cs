using Cairn.Objects;

namespace Cairn.Testing.Simulation.Stores;

internal sealed class SimStore
{
    public Task<T> CallAsync<T>(Func<ObjectStore, ValueTask<T>> call) => throw new NotImplementedException();

    public Task<T> CallAsync<T>(Func<ObjectStore, Task<T>> call) => throw new NotImplementedException();
}
