using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Commit;

/// <summary>Looks at a register, and at one version if a birth is given; what cannot be read is journaled as damage.</summary>
internal sealed class ExamineOperation(RegisterKey key, Ballot? birth) : FaultOperation
{
    /// <summary>Something of the register is lost. Known once the operation has been answered.</summary>
    public bool WasDamaged { get; private set; }

    public override async ValueTask EvaluateAsync(BatchScope scope)
    {
        scope.ForgetCached(key);
        RegisterEdit register = await RegisterEdit.OpenAsync(scope, key);
        bool wasDamagedBefore = register.IsDamaged;
        if (birth is { } version)
        {
            await register.PullSlotAsync(register.SlotBornAt(version));
            if (register.IsDamaged && !wasDamagedBefore)
            {
                await register.SaveAsync();
            }
        }

        WasDamaged = register.IsDamaged;
    }
}
