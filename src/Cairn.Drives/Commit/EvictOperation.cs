using Cairn.Drives.Registers;

namespace Cairn.Drives.Commit;

/// <summary>Drops a register that the layout has moved to another drive.</summary>
/// <remarks>
/// The promise goes without a trace: should the register ever come back here, this drive begins as a new one that does
/// not count alone. The journal keeps what it says of other drives.
/// </remarks>
internal sealed class EvictOperation(RegisterKey key) : FaultOperation
{
    public override async ValueTask EvaluateAsync(BatchScope scope)
    {
        RegisterEdit register = await RegisterEdit.OpenAsync(scope, key);
        if (!register.IsNew)
        {
            await register.EvictAsync();
        }
    }
}
