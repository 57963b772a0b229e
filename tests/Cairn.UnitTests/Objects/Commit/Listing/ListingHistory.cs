using System.Text;
using Cairn.Drives.Registers;
using Cairn.Objects;
using Cairn.Objects.Commit;
using Cairn.Objects.Listing;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation;
using Xunit;

namespace Cairn.UnitTests.Objects.Commit.Listing;

/// <summary>Random writes, removals and changes under random outages, and what reads say about the outcome.</summary>
internal sealed class ListingHistory(QuorumFixture store, SimRandom random, string[] names)
{
    private readonly Dictionary<string, HashSet<VersionId>> _slots = names.ToDictionary(
        name => name, _ => new HashSet<VersionId> { VersionId.Null }, StringComparer.Ordinal);

    private int _count;

    public async Task RunAsync(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            TakeDrivesAway();
            await StepAsync(names[random.Next(names.Length)]);
            if (random.Next(4) == 0)
            {
                await store.SettleAsync();
            }
        }

        foreach (FaultyDrive drive in store.Drives)
        {
            drive.IsOffline = false;
        }
    }

    /// <summary>What a listing must show, as ListingWalk shows it; read register by register.</summary>
    public async Task<string> ExpectAsync(ListRequest request)
    {
        List<string> shown = [];
        string lastPrefix = "";
        foreach (string name in names.Order(StringComparer.Ordinal))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(name);
            if (!name.StartsWith(Encoding.UTF8.GetString(request.Prefix.Span), StringComparison.Ordinal)
                || bytes.AsSpan().SequenceCompareTo(request.From.Span) < 0)
            {
                continue;
            }

            List<string> values = request.AllVersions ? await ReadVersionsAsync(name) : await ReadCurrentAsync(name);
            int rolled = ListStart.CommonPrefixSize(request.Prefix.Span, request.Delimiter.Span, bytes);
            if (values.Count == 0 || (rolled > 0 && lastPrefix == name[..rolled]))
            {
                continue;
            }

            lastPrefix = name[..rolled];
            shown.Add(rolled > 0 ? lastPrefix : $"{name}={string.Join(',', values)}");
        }

        return string.Join(' ', shown);
    }

    private async Task<List<string>> ReadCurrentAsync(string name) =>
        await store.ReadTextAsync(QuorumFixture.Key(name)) is { } text ? [text] : [];

    private async Task<List<string>> ReadVersionsAsync(string name)
    {
        List<RegisterValue> values = [];
        foreach (VersionId slot in _slots[name])
        {
            ObjectResult<ResolvedRegister> read = await store.Quorum.ReadAsync(
                QuorumFixture.Key(name), slot, withInline: false, default);
            Assert.True(read.IsOk);
            if (read.Value.Slot is { } value)
            {
                values.Add(value);
            }
        }

        return [.. values.OrderByDescending(value => value.Birth).Select(value => PlainRecords.TextOf(value.Body))];
    }

    private void TakeDrivesAway()
    {
        int most = store.Engine.Layout.Width - store.Engine.Layout.WriteQuorum;
        foreach (FaultyDrive drive in store.Drives)
        {
            drive.IsOffline = false;
        }

        for (int i = random.Next(most + 1); i > 0; i--)
        {
            store.Drives[random.Next(store.Drives.Length)].IsOffline = true;
        }
    }

    private async Task StepAsync(string name)
    {
        RegisterKey key = QuorumFixture.Key(name);
        VersionId known = random.Pick([.. _slots[name]]);
        string text = "v" + _count++;
        switch (random.Next(7))
        {
            case 0:
            case 1:
                await WriteAsync(name, new RegisterDraft { Slot = VersionId.Null, Body = PlainRecords.Encode(text) });
                break;
            case 2:
                await WriteAsync(name, new RegisterDraft { Body = PlainRecords.Encode(text) });
                break;
            case 3:
                await WriteAsync(name, new RegisterDraft { Slot = VersionId.Null, IsRemoval = true });
                break;
            case 4:
                await store.Quorum.MutateAsync(
                    key, known, _ => MutationDecision.Accept(new RegisterDraft { Slot = known, IsRemoval = true }), default);
                break;
            case 5:
                await store.Quorum.MutateAsync(key, known, state => Retag(state, known, text), default);
                break;
            default:
                await AbandonAsync(name, text);
                break;
        }
    }

    private static MutationDecision Retag(ResolvedRegister state, VersionId slot, string text) => state.Slot is null
        ? MutationDecision.Nothing
        : MutationDecision.Accept(
            new RegisterDraft { Slot = slot, KeepsBirth = true, Body = PlainRecords.Encode(text) });

    private async Task WriteAsync(string name, RegisterDraft draft)
    {
        ObjectResult<RegisterValue> written = await store.Quorum.WriteAsync(QuorumFixture.Key(name), draft, default);
        if (written.IsOk)
        {
            _slots[name].Add(written.Value.Slot);
        }
    }

    /// <summary>A write whose coordinator dies after some drives have accepted it.</summary>
    private async Task AbandonAsync(string name, string text)
    {
        Ballot ballot = store.Engine.Clock.Next();
        VersionId slot = random.Next(2) == 0 ? VersionId.Null : new VersionId(ballot);
        _slots[name].Add(slot);
        RegisterEntry entry = new()
        {
            Slot = slot,
            Birth = ballot,
            Ballot = ballot,
            IsRemoved = slot.IsNull && random.Next(3) == 0,
        };
        entry = entry.IsRemoved ? entry : entry with { Body = PlainRecords.Encode(text) };
        FaultyDrive[] drives = store.DrivesOf(QuorumFixture.Key(name));
        for (int i = 1 + random.Next(drives.Length); i > 0; i--)
        {
            int position = random.Next(drives.Length);
            await drives[position].AcceptAsync(
                new AcceptRequest(QuorumFixture.Key(name), entry with { ShardIndex = (byte)position }), default);
        }
    }
}
