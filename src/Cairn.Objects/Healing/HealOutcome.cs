namespace Cairn.Objects.Healing;

/// <summary>What became of one value on one drive.</summary>
internal readonly record struct HealOutcome(HealVerdict Verdict, long Bytes = 0)
{
    /// <summary>The drive holds what counts, and it was read back.</summary>
    public bool IsWhole => Verdict is HealVerdict.Healed or HealVerdict.Nothing;
}
