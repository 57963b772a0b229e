using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Testing.Drives;

/// <summary>A drive under test, with what the cases need to talk to it.</summary>
internal abstract class DriveFixture : IAsyncDisposable
{
    private ulong _clock = 1_700_000_000_000UL << 16;

    public static BucketId Bucket { get; } = new(7);

    public abstract IDrive Drive { get; protected set; }

    /// <summary>Closes the drive in an orderly way and opens it again.</summary>
    public abstract Task ReopenAsync();

    public abstract ValueTask DisposeAsync();

    public static RegisterKey Key(string name, RegisterSpace space = RegisterSpace.Objects) =>
        RegisterKey.Of(space, Bucket, System.Text.Encoding.UTF8.GetBytes(name));

    public static byte[] Bytes(int length, byte seed = 1)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)(seed + i * 7 + (i >> 8));
        }

        return bytes;
    }

    /// <summary>Above all that were handed out before.</summary>
    public Ballot NextBallot() => new(++_clock, 42);

    public DataId NextData() => new(++_clock, _clock * 0x9e3779b97f4a7c15);

    public static RegisterEntry NullEntry(Ballot ballot, string body, params DataId[] data) => new()
    {
        Slot = VersionId.Null,
        Birth = ballot,
        Ballot = ballot,
        Body = System.Text.Encoding.UTF8.GetBytes(body),
        Data = data,
    };

    public static RegisterEntry VersionEntry(Ballot ballot, string body, params DataId[] data) =>
        NullEntry(ballot, body, data) with { Slot = new VersionId(ballot) };

    public static RegisterEntry Tombstone(RegisterEntry removed, Ballot ballot) => new()
    {
        Slot = removed.Slot,
        Birth = removed.Slot.IsNull ? ballot : removed.Birth,
        Ballot = ballot,
        IsRemoved = true,
    };

    public async Task<AcceptReply> AcceptAsync(RegisterKey key, RegisterEntry entry, byte[]? inline = null) =>
        await Expect.Ok(Drive.AcceptAsync(new AcceptRequest(key, entry, inline, inline is not null), default));

    public async Task CommitAsync(RegisterKey key, RegisterEntry entry, params DriveId[] missed) =>
        await Expect.Ok(Drive.CommitAsync(new CommitRequest(key, entry.Slot, entry.Ballot, missed), default));

    /// <summary>Accepts and commits, as an undisturbed write does.</summary>
    public async Task<RegisterEntry> PutAsync(RegisterKey key, RegisterEntry entry, byte[]? inline = null)
    {
        AcceptReply reply = await AcceptAsync(key, entry, inline);
        Expect.That(reply.IsAccepted);
        await CommitAsync(key, entry);
        return entry;
    }

    public async Task<RegisterView> ReadAsync(RegisterKey key, VersionId? slot = null, bool withInline = false) =>
        await Expect.Ok(Drive.ReadAsync(key, slot, withInline, default));

    public async Task<PrepareReply> PrepareAsync(RegisterKey key, Ballot ballot, VersionId? slot = null) =>
        await Expect.Ok(Drive.PrepareAsync(key, ballot, slot, default));

    public static string BodyOf(RegisterEntry entry) => System.Text.Encoding.UTF8.GetString(entry.Body.Span);

    /// <summary>A view as text: body, state and so on of each entry, in order.</summary>
    public static string Show(RegisterView view) => Show(view.Entries);

    public static string Show(IEnumerable<RegisterEntry> entries) => string.Join(' ', entries.Select(entry =>
        (entry.IsRemoved ? "removed" : BodyOf(entry)) + (entry.IsCommitted ? "" : "?")));

    /// <summary>Writes and seals a shard in a file; no entry names it yet.</summary>
    public async Task<DataId> SealShardAsync(byte[] content)
    {
        DataId data = NextData();
        await SealShardAsync(data, content);
        return data;
    }

    public async Task SealShardAsync(DataId data, byte[] content)
    {
        await using Cairn.Drives.Shards.IShardWriter writer =
            await Expect.Ok(Drive.CreateShardAsync(data, content.Length, default));
        await Expect.Ok(writer.WriteAsync(content, default));
        await Expect.Ok(writer.SealAsync(default));
    }

    public async Task<byte[]> ReadShardAsync(DataId data)
    {
        await using Cairn.Drives.Shards.IShardReader reader = await Expect.Ok(Drive.OpenShardAsync(data, default));
        byte[] content = new byte[reader.Length];
        Expect.Equal(content.Length, await Expect.Ok(reader.ReadAsync(0, content, default)));
        return content;
    }

    public Task ExpectNoShardAsync(DataId data) =>
        Expect.Fault(DriveFault.NotFound, Drive.OpenShardAsync(data, default));
}
