using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clients;

/// <summary>rclone with the profile of AWS itself: none of the quirks it keeps for other servers is switched on.</summary>
/// <remarks>
/// The one setting beside the profile is about the transport and not about the server: over plain HTTP rclone cannot
/// send the trailing checksum that the profile prefers, and says so before it connects.
/// </remarks>
public sealed class RcloneTests : ClientSession
{
    private readonly ForeignProgram _rclone;

    public RcloneTests(ClientNode node)
        : base(node) =>
        _rclone = new ForeignProgram(UnstableClients.Rclone, Scratch.Location, new Dictionary<string, string>
        {
            ["RCLONE_CONFIG"] = "/dev/null",
            ["RCLONE_CONFIG_CAIRN_TYPE"] = "s3",
            ["RCLONE_CONFIG_CAIRN_PROVIDER"] = "AWS",
            ["RCLONE_CONFIG_CAIRN_ENDPOINT"] = Url,
            ["RCLONE_CONFIG_CAIRN_ACCESS_KEY_ID"] = Endpoint.AccessKey,
            ["RCLONE_CONFIG_CAIRN_SECRET_ACCESS_KEY"] = Endpoint.SecretKey,
            ["RCLONE_CONFIG_CAIRN_REGION"] = TestEndpoint.Region,
            ["RCLONE_CONFIG_CAIRN_USE_UNSIGNED_PAYLOAD"] = "true",
            ["RCLONE_RETRIES"] = "1",
            ["RCLONE_LOW_LEVEL_RETRIES"] = "1",
        });

    [Fact]
    public async Task Tree_is_copied_checked_by_content_synchronised_and_deleted()
    {
        var tree = WriteTree("tree");
        await _rclone.CallAsync("copy", tree, $"cairn:{Bucket}/t");
        await _rclone.CallAsync("check", "--download", tree, $"cairn:{Bucket}/t");
        await _rclone.CallAsync("check", tree, $"cairn:{Bucket}/t");
        await _rclone.CallAsync("copy", $"cairn:{Bucket}/t", Scratch.Combine("down"));
        AssertSameTree(tree, Scratch.Combine("down"));

        File.Delete(Path.Combine(tree, "a b+c.txt"));
        Payload.WriteFile(Path.Combine(tree, "deep.bin"), 30, 70_000);
        await _rclone.CallAsync("sync", tree, $"cairn:{Bucket}/t");
        var listing = (await _rclone.CallAsync("lsf", "-R", "--files-only", "--format", "sp", $"cairn:{Bucket}/t")).Lines;
        Assert.Equal(
            Directory.EnumerateFiles(tree, "*", SearchOption.AllDirectories)
                .Select(file => $"{new FileInfo(file).Length};{Path.GetRelativePath(tree, file)}")
                .Order(StringComparer.Ordinal),
            listing.Order(StringComparer.Ordinal));

        await _rclone.CallAsync("copy", $"cairn:{Bucket}/t", $"cairn:{Bucket}/server side");
        await _rclone.CallAsync("check", "--download", tree, $"cairn:{Bucket}/server side");
        await _rclone.CallAsync("moveto", $"cairn:{Bucket}/t/top.txt", $"cairn:{Bucket}/t/renamed.txt");
        await _rclone.CallAsync("deletefile", $"cairn:{Bucket}/t/renamed.txt");
        await _rclone.CallAsync("purge", $"cairn:{Bucket}/t");
        await _rclone.CallAsync("delete", $"cairn:{Bucket}");
        Assert.Empty((await _rclone.CallAsync("lsf", "-R", $"cairn:{Bucket}")).Lines);
        await _rclone.CallAsync("rmdir", $"cairn:{Bucket}");
    }

    [Fact]
    public async Task Large_file_goes_up_in_parts_comes_back_whole_and_can_be_read_in_ranges()
    {
        var source = Payload.WriteFile(Scratch.Combine("large.bin"), 31, LargeSize);
        await _rclone.CallAsync("copyto", "--s3-upload-cutoff", "10M", source, $"cairn:{Bucket}/large.bin");
        await _rclone.CallAsync("copyto", $"cairn:{Bucket}/large.bin", Scratch.Combine("back"));
        Assert.Equal(Payload.HashFile(source), Payload.HashFile(Scratch.Combine("back")));

        // Numbered lines of eight bytes: what a range holds can be told from its offset.
        await File.WriteAllLinesAsync(Scratch.Combine("lines"), Enumerable.Range(0, 200_000).Select(n => $"{n:D7}"));
        await _rclone.CallAsync("copyto", Scratch.Combine("lines"), $"cairn:{Bucket}/lines");
        var range = await _rclone.CallAsync("cat", "--offset", "1200000", "--count", "16", $"cairn:{Bucket}/lines");
        Assert.Equal("0150000\n0150001\n", range.Output);
    }

    [Fact]
    public async Task Modification_times_and_hashes_are_kept()
    {
        var folder = Scratch.CreateFolder("times");
        var file = Payload.WriteFile(Path.Combine(folder, "old"), 32, 4_000);
        File.SetLastWriteTimeUtc(file, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        await _rclone.CallAsync("copy", folder, $"cairn:{Bucket}");
        var listing = await _rclone.CallAsync("lsf", "--format", "tp", $"cairn:{Bucket}");
        Assert.Equal("2001-02-03 04:05:06;old", Assert.Single(listing.Lines));

        // A touch rewrites the metadata by a copy of the object onto itself.
        await _rclone.CallAsync("touch", "--timestamp", "2002-03-04T05:06:07", $"cairn:{Bucket}/old");
        listing = await _rclone.CallAsync("lsf", "--format", "tp", $"cairn:{Bucket}");
        Assert.Equal("2002-03-04 05:06:07;old", Assert.Single(listing.Lines));
        await _rclone.CallAsync("check", "--download", folder, $"cairn:{Bucket}");
    }
}
