using Cairn.Drives.Reading;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Drives;

public sealed class HeadCacheTests
{
    private static readonly RegisterKey Key = RegisterKey.Of(RegisterSpace.Objects, new BucketId(7), "key"u8);

    private readonly HeadCache _cache = new(capacity: 16);

    [Fact]
    public void What_was_read_is_found_again()
    {
        RegisterHead head = HeadOf(1, isCommitted: true);
        _cache.Offer(Key, head, _cache.StampOf(Key));
        Assert.Same(head, _cache.Find(Key));
    }

    [Fact]
    public void A_row_that_was_read_before_a_change_began_is_not_taken()
    {
        int stamp = _cache.StampOf(Key);
        _cache.BeginChange(new() { [Key] = HeadOf(2, isCommitted: true) });
        _cache.Offer(Key, HeadOf(1, isCommitted: true), stamp);
        Assert.Null(_cache.Find(Key));
    }

    [Fact]
    public void A_row_that_was_read_while_a_change_was_written_is_not_taken()
    {
        Dictionary<RegisterKey, RegisterHead?> change = new() { [Key] = HeadOf(2, isCommitted: true) };
        _cache.BeginChange(change);
        int stamp = _cache.StampOf(Key);
        _cache.Offer(Key, HeadOf(1, isCommitted: true), stamp);
        Assert.Null(_cache.Find(Key));
        _cache.EndChange(change);
        Assert.Null(_cache.Find(Key));
        _cache.Offer(Key, HeadOf(1, isCommitted: true), stamp);
        Assert.Null(_cache.Find(Key));
    }

    [Fact]
    public void After_a_change_only_what_waits_for_its_commit_is_kept()
    {
        RegisterHead pending = HeadOf(2, isCommitted: false);
        Change(pending);
        Assert.Same(pending, _cache.Find(Key));
        Change(HeadOf(2, isCommitted: true));
        Assert.Null(_cache.Find(Key));
    }

    [Fact]
    public void After_a_write_that_failed_nothing_is_kept_of_what_it_would_have_changed()
    {
        _cache.BeginChange(new() { [Key] = HeadOf(2, isCommitted: true) });
        _cache.BeginChange(new() { [Key] = HeadOf(2, isCommitted: true) });
        _cache.Offer(Key, HeadOf(1, isCommitted: true), _cache.StampOf(Key));
        Assert.Null(_cache.Find(Key));
    }

    [Fact]
    public void A_forgotten_register_and_a_removed_one_are_not_found()
    {
        Change(HeadOf(2, isCommitted: false));
        Change(null);
        Assert.Null(_cache.Find(Key));
        _cache.Offer(Key, HeadOf(3, isCommitted: true), _cache.StampOf(Key));
        _cache.Remove(Key);
        Assert.Null(_cache.Find(Key));
    }

    [Fact]
    public void Another_key_in_the_same_place_is_not_mistaken_for_it()
    {
        var cache = new HeadCache(capacity: 1);
        cache.Offer(Key, HeadOf(1, isCommitted: true), cache.StampOf(Key));
        Assert.Null(cache.Find(RegisterKey.Of(RegisterSpace.Objects, new BucketId(7), "other"u8)));
    }

    [Fact]
    public void Of_many_registers_that_fit_nearly_all_stay()
    {
        var cache = new HeadCache(capacity: 1024);
        RegisterKey[] keys = [.. Enumerable.Range(0, 300).Select(
            i => RegisterKey.Of(RegisterSpace.Objects, new BucketId(7), BitConverter.GetBytes(i)))];
        foreach (RegisterKey key in keys)
        {
            cache.Offer(key, HeadOf(1, isCommitted: true), cache.StampOf(key));
        }

        Assert.InRange(keys.Count(key => cache.Find(key) is not null), 290, 300);
    }

    [Fact]
    public void A_change_of_one_register_leaves_another_one_of_the_same_hash()
    {
        var cache = new HeadCache(capacity: 1);
        RegisterKey other = RegisterKey.Of(RegisterSpace.Objects, new BucketId(7), "other"u8);
        Dictionary<RegisterKey, RegisterHead?> change = new() { [Key] = HeadOf(2, isCommitted: true) };
        cache.Offer(other, HeadOf(1, isCommitted: true), cache.StampOf(other));
        cache.BeginChange(change);
        cache.EndChange(change);
        Assert.NotNull(cache.Find(other));
    }

    private void Change(RegisterHead? head)
    {
        _cache.BeginChange(new() { [Key] = head });
        _cache.EndChange(new() { [Key] = head });
    }

    private static RegisterHead HeadOf(ulong clock, bool isCommitted)
    {
        var ballot = new Ballot(clock, 1);
        EntryValue value = EntryValue.Of(new RegisterEntry { Slot = VersionId.Null, Birth = ballot, Ballot = ballot });
        return new RegisterHead { Promised = ballot, Entries = [new StoredEntry(ballot, isCommitted, false, value)] };
    }
}
