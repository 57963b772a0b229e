using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Faults;

/// <summary>Drives of a running node vanish, come back, or come back empty.</summary>
/// <remarks>
/// Arranged: a node with four drives, which codes 2+2. A drive is taken by moving its folder away under the running
/// process, as a cable does, and given back by moving it in again or by making an empty folder in its place. Whether a
/// drive is really healed is not believed but tried: the two other drives are taken, so that every byte has to come
/// from the healed ones.
/// </remarks>
public sealed class DriveLossTests
{
    [Fact]
    public async Task Every_object_is_read_with_two_of_four_drives_gone_and_writes_go_on_with_one_gone()
    {
        await using ProcessNode node = await ProcessNode.StartNewAsync();
        var objects = new StoredObjects(node);
        await objects.CreateBucketAsync();
        await objects.WriteAsync("before", 2);

        DriveSurgery.Take(node, 0);
        await objects.VerifyAsync();
        await objects.WriteAsync("one gone", 1);
        await objects.VerifyAsync();

        DriveSurgery.Take(node, 1);
        await objects.VerifyAsync();
    }

    [Fact]
    public async Task Returned_drive_gets_what_it_missed()
    {
        await using ProcessNode node = await ProcessNode.StartNewAsync();
        var objects = new StoredObjects(node);
        await objects.CreateBucketAsync();
        await objects.WriteAsync("before", 1);
        await objects.WriteAsync("short lived", 1);

        DriveSurgery.Take(node, 2);
        await objects.WriteAsync("missed", 2);
        await objects.DeleteAsync("short lived");
        DriveSurgery.Return(node, 2);
        await Healing.WaitAsync(node);

        DriveSurgery.Take(node, 0);
        DriveSurgery.Take(node, 1);
        await objects.VerifyAsync();
        DriveSurgery.Return(node, 0);
        DriveSurgery.Return(node, 1);
        await Healing.WaitAsync(node);
        Assert.Equal(0, await node.StopAsync());
        await DriveInspection.AssertWholeAsync(node);
    }

    [Fact]
    public async Task Two_drives_lost_at_run_time_are_rebuilt_from_empty_replacements_after_a_restart()
    {
        await using ProcessNode node = await ProcessNode.StartNewAsync();
        var objects = new StoredObjects(node);
        await objects.CreateBucketAsync();
        await objects.WriteAsync("before", 3);

        DriveSurgery.Destroy(node, 0);
        DriveSurgery.Destroy(node, 3);
        await objects.VerifyAsync();
        DriveSurgery.Replace(node, 0);
        DriveSurgery.Replace(node, 3);
        // An empty folder in a running node may be a mount point that lost its disk, so only a start takes it as new.
        Assert.Equal(0, await node.StopAsync());
        await node.StartAsync();
        await Healing.WaitAsync(node);
        Assert.Equal(0, await node.StopAsync());
        await DriveInspection.AssertWholeAsync(node);

        await node.StartAsync();
        DriveSurgery.Take(node, 1);
        DriveSurgery.Take(node, 2);
        await objects.VerifyAsync();
    }

    [Fact]
    public async Task Empty_replacement_found_at_the_start_is_rebuilt()
    {
        await using ProcessNode node = await ProcessNode.StartNewAsync();
        var objects = new StoredObjects(node);
        await objects.CreateBucketAsync();
        await objects.WriteAsync("before", 2);
        Assert.Equal(0, await node.StopAsync());

        DriveSurgery.Destroy(node, 1);
        DriveSurgery.Replace(node, 1);
        await node.StartAsync();
        await objects.VerifyAsync();
        await Healing.WaitAsync(node);

        DriveSurgery.Take(node, 0);
        DriveSurgery.Take(node, 3);
        await objects.VerifyAsync();
    }
}
