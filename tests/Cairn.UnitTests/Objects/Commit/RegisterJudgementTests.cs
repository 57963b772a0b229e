using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Objects.Commit;

// Four drives, so any two of them are a read quorum. Their answers are made up, as if taken at different times.
public sealed class RegisterJudgementTests
{
    private static readonly RegisterEntry Old = Version(10);
    private static readonly RegisterEntry Young = Version(20);

    /// <summary>Between the answers a third version was put, which missed drive 1, and then this one was removed.</summary>
    [Fact]
    public void A_removal_that_only_one_of_two_drives_knows_brings_no_older_version_back() => Judge(
        isCertain: false,
        [Young, Old],
        [Young with { Ballot = At(40), IsRemoved = true }, Old]);

    [Fact]
    public void A_change_that_only_one_of_two_drives_knows_is_not_served() => Judge(
        isCertain: false,
        [Young, Old],
        [Young with { Ballot = At(40) }, Old]);

    [Fact]
    public void A_removal_that_a_read_quorum_knows_is_believed() => Judge(
        isCertain: true,
        [Young with { Ballot = At(40), IsRemoved = true }, Old],
        [Young with { Ballot = At(40), IsRemoved = true }, Old]);

    [Fact]
    public void A_drive_that_missed_the_newest_version_does_not_spoil_the_read() => Judge(
        isCertain: true,
        [Old],
        [Young, Old]);

    private static void Judge(bool isCertain, params RegisterEntry[][] drives) => QuorumFixture.Run(4, store =>
    {
        RegisterKey key = QuorumFixture.Key("a");
        ReplicaViews views = new(key, null, store.Engine.PartitionOf(key), new PlainRecords());
        for (int position = 0; position < drives.Length; position++)
        {
            views.Add(position, new RegisterView(true, drives[position].Max(entry => entry.Ballot), drives[position]));
        }

        RegisterJudgement judgement = RegisterJudgement.Of(views, null);
        Assert.Equal(!isCertain, judgement.IsTorn);
        return Task.CompletedTask;
    }, seeds: 1);

    private static RegisterEntry Version(ulong birth) => new()
    {
        Slot = new VersionId(At(birth)),
        Birth = At(birth),
        Ballot = At(birth),
        IsCommitted = true,
        Body = PlainRecords.Encode("v" + birth),
    };

    private static Ballot At(ulong clock) => new(clock, 1);
}
