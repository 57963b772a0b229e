namespace Cairn.Objects.Commit;

/// <summary>The certain state of a register, as far as it was asked for.</summary>
/// <param name="Current">The newest live version, or null.</param>
/// <param name="Slot">The live value of the slot asked for, or null.</param>
internal sealed record ResolvedRegister(RegisterValue? Current, RegisterValue? Slot);
