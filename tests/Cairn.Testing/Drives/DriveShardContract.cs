using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;
using static Cairn.Testing.Drives.DriveFixture;

namespace Cairn.Testing.Drives;

/// <summary>Shards: written, sealed, named, shared, dropped.</summary>
internal static class DriveShardContract
{
    public static async Task Shards_of_any_length_read_back(DriveFixture drive)
    {
        foreach (int length in (int[])[0, 1, 65_535, 65_536, 65_537, 196_608, 196_609, 1_000_000])
        {
            byte[] content = Bytes(length);
            DataId data = await drive.SealShardAsync(content);
            await drive.PutAsync(Key("k" + length), NullEntry(drive.NextBallot(), "v", data));
            Expect.Bytes(content, await drive.ReadShardAsync(data));
        }
    }

    public static async Task Reads_at_any_offset(DriveFixture drive)
    {
        byte[] content = Bytes(400_000);
        DataId data = await drive.SealShardAsync(content);
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "v", data));
        await using IShardReader reader = await Expect.Ok(drive.Drive.OpenShardAsync(data, default));
        foreach (int offset in (int[])[0, 1, 65_535, 65_536, 131_071, 399_999, 400_000, 500_000])
        {
            foreach (int length in (int[])[0, 1, 65_536, 70_000, 300_000])
            {
                byte[] read = new byte[length];
                int expected = Math.Max(0, Math.Min(length, content.Length - offset));
                Expect.Equal(expected, await Expect.Ok(reader.ReadAsync(offset, read, default)));
                Expect.Bytes(content.AsMemory(Math.Min(offset, content.Length), expected), read.AsMemory(0, expected));
            }
        }
    }

    public static async Task Writes_of_any_size_make_the_same_shard(DriveFixture drive)
    {
        byte[] content = Bytes(300_000);
        foreach (int step in (int[])[1_000, 65_536, 65_537, 200_000])
        {
            DataId data = drive.NextData();
            await using (IShardWriter writer = await Expect.Ok(drive.Drive.CreateShardAsync(data, 0, default)))
            {
                byte[] buffer = new byte[step];
                for (int offset = 0; offset < content.Length; offset += step)
                {
                    int length = Math.Min(step, content.Length - offset);
                    content.AsSpan(offset, length).CopyTo(buffer);
                    await Expect.Ok(writer.WriteAsync(buffer.AsMemory(0, length), default));
                    Array.Clear(buffer);
                }

                await Expect.Ok(writer.SealAsync(default));
            }

            await drive.PutAsync(Key("k" + step), NullEntry(drive.NextBallot(), "v", data));
            Expect.Bytes(content, await drive.ReadShardAsync(data));
        }
    }

    public static async Task Runs_written_together_make_the_same_shard(DriveFixture drive)
    {
        const int Chunk = 65_536;
        byte[] content = Bytes(400_000);
        int[][][] splits =
        [
            [[Chunk, Chunk, Chunk], [Chunk, Chunk, Chunk, 6_784]],
            [[Chunk], [1_000], [64_536, Chunk, Chunk], [Chunk, Chunk, 6_784]],
            [[], [1_000, Chunk, Chunk], [Chunk, Chunk, Chunk, 71_320]],
            [[400_000]],
        ];
        foreach (int[][] calls in splits)
        {
            DataId data = drive.NextData();
            await using (IShardWriter writer = await Expect.Ok(drive.Drive.CreateShardAsync(data, 0, default)))
            {
                int offset = 0;
                foreach (int[] lengths in calls)
                {
                    byte[][] runs = [.. lengths.Select(length => content[offset..(offset += length)])];
                    await Expect.Ok(writer.WriteAsync([.. runs.Select(run => (ReadOnlyMemory<byte>)run)], default));
                    Array.ForEach(runs, Array.Clear);
                }

                await Expect.Ok(writer.SealAsync(default));
            }

            await drive.PutAsync(Key("k" + data), NullEntry(drive.NextBallot(), "v", data));
            Expect.Bytes(content, await drive.ReadShardAsync(data));
        }
    }

    public static async Task Sealed_shard_is_invisible_until_it_is_named(DriveFixture drive)
    {
        DataId data = await drive.SealShardAsync(Bytes(1000));
        await drive.ExpectNoShardAsync(data);
        await drive.AcceptAsync(Key("k"), NullEntry(drive.NextBallot(), "v", data));
        Expect.Bytes(Bytes(1000), await drive.ReadShardAsync(data));
        await drive.ReopenAsync();
        Expect.Bytes(Bytes(1000), await drive.ReadShardAsync(data));
    }

    public static async Task Accept_without_its_data_is_refused(DriveFixture drive)
    {
        DataId missing = drive.NextData();
        AcceptRequest request = new(Key("k"), NullEntry(drive.NextBallot(), "v", missing));
        await Expect.Fault(DriveFault.NotFound, drive.Drive.AcceptAsync(request, default));
        DataId inline = drive.NextData();
        AcceptRequest partly = new(Key("k"), NullEntry(drive.NextBallot(), "v", inline, missing), Bytes(5), true);
        await Expect.Fault(DriveFault.NotFound, drive.Drive.AcceptAsync(partly, default));
        Expect.Equal("", Show(await drive.ReadAsync(Key("k"))));
        await drive.ExpectNoShardAsync(inline);
    }

    public static async Task Unsealed_shard_cannot_be_named(DriveFixture drive)
    {
        DataId data = drive.NextData();
        await using IShardWriter writer = await Expect.Ok(drive.Drive.CreateShardAsync(data, 0, default));
        await Expect.Ok(writer.WriteAsync(Bytes(10), default));
        AcceptRequest request = new(Key("k"), NullEntry(drive.NextBallot(), "v", data));
        await Expect.Fault(DriveFault.NotFound, drive.Drive.AcceptAsync(request, default));
    }

    public static async Task Sealed_shard_that_nobody_named_is_gone_after_a_reopening(DriveFixture drive)
    {
        DataId data = await drive.SealShardAsync(Bytes(1000));
        await drive.ReopenAsync();
        AcceptRequest request = new(Key("k"), NullEntry(drive.NextBallot(), "v", data));
        await Expect.Fault(DriveFault.NotFound, drive.Drive.AcceptAsync(request, default));
        await drive.SealShardAsync(data, Bytes(1000, 3));
    }

    public static async Task Dropped_shard_stays_readable_for_who_has_it_open(DriveFixture drive)
    {
        DataId data = await drive.SealShardAsync(Bytes(200_000));
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "v", data));
        await using IShardReader reader = await Expect.Ok(drive.Drive.OpenShardAsync(data, default));
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "w"));
        await drive.ExpectNoShardAsync(data);
        byte[] content = new byte[200_000];
        Expect.Equal(content.Length, await Expect.Ok(reader.ReadAsync(0, content, default)));
        Expect.Bytes(Bytes(200_000), content);
    }

    public static async Task Held_shards_can_be_opened_after_their_entry_went_and_go_with_their_last_holder(DriveFixture drive)
    {
        DataId file = await drive.SealShardAsync(Bytes(200_000));
        DataId inline = drive.NextData();
        DataId none = drive.NextData();
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "v", file));
        await drive.PutAsync(Key("l"), NullEntry(drive.NextBallot(), "v", inline), Bytes(77));
        IShardHold first = await Expect.Ok(drive.Drive.HoldShardsAsync([file, inline, none], default));
        IShardHold second = await Expect.Ok(drive.Drive.HoldShardsAsync([file], default));
        Expect.That(first.Holds(file) && first.Holds(inline) && !first.Holds(none));
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "w"));
        await drive.PutAsync(Key("l"), NullEntry(drive.NextBallot(), "w"));
        Expect.Bytes(Bytes(200_000), await drive.ReadShardAsync(file));
        Expect.Bytes(Bytes(77), await drive.ReadShardAsync(inline));
        await first.DisposeAsync();
        await first.DisposeAsync();
        Expect.Bytes(Bytes(200_000), await drive.ReadShardAsync(file));
        await drive.ExpectNoShardAsync(inline);
        await second.DisposeAsync();
        await drive.ExpectNoShardAsync(file);
        await using IShardHold late = await Expect.Ok(drive.Drive.HoldShardsAsync([file], default));
        Expect.That(!late.Holds(file));
    }

    public static async Task Shard_repaired_while_it_is_held_stays_when_the_hold_ends(DriveFixture drive)
    {
        DataId data = await drive.SealShardAsync(Bytes(5000));
        RegisterEntry entry = await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "v", data));
        IShardHold hold = await Expect.Ok(drive.Drive.HoldShardsAsync([data], default));
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "w"));
        await Expect.Ok(drive.Drive.DropShardAsync(data, default));
        await drive.SealShardAsync(data, Bytes(5000));
        await drive.PutAsync(Key("k"), entry with { Ballot = drive.NextBallot() });
        await hold.DisposeAsync();
        Expect.Bytes(Bytes(5000), await drive.ReadShardAsync(data));
    }

    public static async Task Data_shared_by_two_registers_lives_until_both_let_go(DriveFixture drive)
    {
        DataId file = await drive.SealShardAsync(Bytes(100_000));
        DataId inline = drive.NextData();
        RegisterEntry part1 = await drive.PutAsync(Key("k\0u\01", RegisterSpace.Parts), NullEntry(drive.NextBallot(), "p", file));
        RegisterEntry part2 = await drive.PutAsync(
            Key("k\0u\02", RegisterSpace.Parts), NullEntry(drive.NextBallot(), "q", inline), Bytes(77));
        RegisterEntry whole = VersionEntry(drive.NextBallot(), "whole", inline, file);
        await drive.AcceptAsync(Key("k"), whole);
        RegisterView view = await drive.ReadAsync(Key("k"), withInline: true);
        Expect.Bytes(Bytes(77), view.Inline);
        await drive.PutAsync(Key("k\0u\01", RegisterSpace.Parts), Tombstone(part1, drive.NextBallot()));
        await drive.PutAsync(Key("k\0u\02", RegisterSpace.Parts), Tombstone(part2, drive.NextBallot()));
        await drive.CommitAsync(Key("k"), whole);
        Expect.Bytes(Bytes(100_000), await drive.ReadShardAsync(file));
        Expect.Bytes(Bytes(77), await drive.ReadShardAsync(inline));
        await drive.PutAsync(Key("k"), Tombstone(whole, drive.NextBallot()));
        await drive.ExpectNoShardAsync(file);
        await drive.ExpectNoShardAsync(inline);
    }

    public static async Task Superseded_attempt_takes_no_data_of_others_with_it(DriveFixture drive)
    {
        DataId file = await drive.SealShardAsync(Bytes(1000));
        await drive.PutAsync(Key("k\0u\01", RegisterSpace.Parts), NullEntry(drive.NextBallot(), "p", file));
        await drive.AcceptAsync(Key("k"), NullEntry(drive.NextBallot(), "failed completion", file));
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "other"));
        Expect.Bytes(Bytes(1000), await drive.ReadShardAsync(file));
    }

    /// <summary>Whoever asks may be late: somebody else has repaired the shard since, or an accept has named it.</summary>
    public static async Task Good_shard_that_entries_name_is_not_dropped(DriveFixture drive)
    {
        DataId file = await drive.SealShardAsync(Bytes(5000));
        DataId inline = drive.NextData();
        await drive.PutAsync(Key("file"), NullEntry(drive.NextBallot(), "v", file));
        await drive.PutAsync(Key("inline"), NullEntry(drive.NextBallot(), "v", inline), Bytes(50));
        await Expect.Ok(drive.Drive.DropShardAsync(file, default));
        await Expect.Ok(drive.Drive.DropShardAsync(inline, default));
        Expect.Bytes(Bytes(5000), await drive.ReadShardAsync(file));
        Expect.Bytes(Bytes(50), await drive.ReadShardAsync(inline));
    }

    public static async Task Shard_that_is_being_written_belongs_to_its_writer(DriveFixture drive)
    {
        DataId data = drive.NextData();
        await using (IShardWriter writer = await Expect.Ok(drive.Drive.CreateShardAsync(data, 0, default)))
        {
            await Expect.Ok(writer.WriteAsync(Bytes(100), default));
            await Expect.Fault(DriveFault.Busy, drive.Drive.CreateShardAsync(data, 0, default));
            Expect.Equal(DriveFault.Busy, await drive.Drive.DropShardAsync(data, default));
            await Expect.Ok(writer.SealAsync(default));
        }

        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "v", data));
        Expect.Bytes(Bytes(100), await drive.ReadShardAsync(data));
    }

    /// <summary>As a restoration leaves it that was broken off: the next one must not wait for it.</summary>
    public static async Task Sealed_shard_that_nothing_names_can_be_dropped_and_written_again(DriveFixture drive)
    {
        DataId data = await drive.SealShardAsync(Bytes(100));
        await Expect.Fault(DriveFault.Io, drive.Drive.CreateShardAsync(data, 0, default));
        await Expect.Ok(drive.Drive.DropShardAsync(data, default));
        await drive.SealShardAsync(data, Bytes(5000));
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "v", data));
        Expect.Bytes(Bytes(5000), await drive.ReadShardAsync(data));
    }

    public static async Task Writer_of_an_earlier_opening_leaves_the_shards_of_the_next_one_alone(DriveFixture drive)
    {
        DataId data = drive.NextData();
        IShardWriter sealing = await Expect.Ok(drive.Drive.CreateShardAsync(drive.NextData(), 0, default));
        IShardWriter late = await Expect.Ok(drive.Drive.CreateShardAsync(data, 0, default));
        Expect.Equal(DriveFault.None, await late.WriteAsync(Bytes(100), default));
        await drive.ReopenAsync();
        await drive.SealShardAsync(data, Bytes(5000));
        await drive.PutAsync(Key("k"), NullEntry(drive.NextBallot(), "v", data));
        Expect.That(await sealing.SealAsync(default) != DriveFault.None);
        await sealing.DisposeAsync();
        await late.DisposeAsync();
        Expect.Bytes(Bytes(5000), await drive.ReadShardAsync(data));
    }

    public static async Task Aborted_shard_leaves_nothing(DriveFixture drive)
    {
        DataId data = await drive.SealShardAsync(Bytes(5000));
        await Expect.Ok(drive.Drive.DropShardAsync(data, default));
        AcceptRequest request = new(Key("k"), NullEntry(drive.NextBallot(), "v", data));
        await Expect.Fault(DriveFault.NotFound, drive.Drive.AcceptAsync(request, default));
        await Expect.Ok(drive.Drive.DropShardAsync(data, default));
        DataId unsealed = drive.NextData();
        await using (IShardWriter writer = await Expect.Ok(drive.Drive.CreateShardAsync(unsealed, 0, default)))
        {
            await Expect.Ok(writer.WriteAsync(Bytes(100), default));
        }

        await drive.SealShardAsync(unsealed, Bytes(10));
    }

    public static async Task Inline_shard_can_be_restored(DriveFixture drive)
    {
        DataId current = drive.NextData();
        DataId old = drive.NextData();
        await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "one", old), Bytes(40));
        await drive.PutAsync(Key("k"), VersionEntry(drive.NextBallot(), "two", current), Bytes(50));
        await Expect.Ok(drive.Drive.RestoreInlineAsync(Key("k"), current, Bytes(50, seed: 2), default));
        await Expect.Ok(drive.Drive.RestoreInlineAsync(Key("k"), old, Bytes(40, seed: 2), default));
        Expect.Bytes(Bytes(50, seed: 2), (await drive.ReadAsync(Key("k"), withInline: true)).Inline);
        Expect.Bytes(Bytes(40, seed: 2), await drive.ReadShardAsync(old));
        Expect.Equal(
            DriveFault.NotFound, await drive.Drive.RestoreInlineAsync(Key("k"), drive.NextData(), Bytes(1), default));
    }
}
