using Cairn.Drives.Registers;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Objects.Quorum;

/// <summary>What two drives of a position that moves show as one.</summary>
public sealed class JointViewTests
{
    [Fact]
    public void Shows_what_either_holds_and_tells_what_only_one_does()
    {
        RegisterEntry both = Entry(5, isCommitted: false);
        RegisterEntry left = Entry(7, isCommitted: false);
        RegisterEntry right = Entry(6, isCommitted: true);
        JointView joint = JointView.Of(View(10, both, left), View(8, right, both with { IsCommitted = true }), slot: null);
        Assert.Equal(3, joint.Entries.Count);
        Assert.True(joint.IsHalfHeld(joint.Entries[0]) && joint.Entries[0] == left);
        Assert.True(joint.IsHalfHeld(joint.Entries[1]) && joint.Entries[1] == right);
        Assert.True(!joint.IsHalfHeld(joint.Entries[2]) && joint.Entries[2].IsCommitted);
        Assert.Equal(At(8), joint.Promised);
        Assert.True(joint.IsVoting);
    }

    [Fact]
    public void Votes_only_when_both_vote()
    {
        RegisterView silent = View(1) with { IsVoting = false };
        Assert.False(JointView.Of(View(1), silent, null).IsVoting);
        Assert.False(JointView.Of(silent, View(1), null).IsVoting);
    }

    [Fact]
    public void Inline_shard_is_that_of_what_both_together_show()
    {
        RegisterEntry old = Entry(5, isCommitted: true) with { Data = [new DataId(1, 1)] };
        RegisterEntry young = Entry(6, isCommitted: true) with { Data = [new DataId(2, 2)] };
        RegisterView behind = View(5, old) with { HasInline = true, Inline = Bytes(1) };
        RegisterView ahead = View(6, young) with { HasInline = true, Inline = Bytes(2) };
        Assert.Equal(2, JointView.Of(behind, ahead, null).Inline.Span[0]);
        Assert.Equal(2, JointView.Of(ahead, behind, null).Inline.Span[0]);
        Assert.False(JointView.Of(behind, ahead with { HasInline = false }, null).HasInline);
    }

    private static RegisterView View(ulong promised, params RegisterEntry[] entries) => new(true, At(promised), entries);

    private static RegisterEntry Entry(ulong clock, bool isCommitted) => new()
    {
        Slot = new VersionId(At(clock)),
        Birth = At(clock),
        Ballot = At(clock),
        IsCommitted = isCommitted,
    };

    private static ReadOnlyMemory<byte> Bytes(byte value) => (byte[])[value];

    private static Ballot At(ulong clock) => new(clock, 1);
}
