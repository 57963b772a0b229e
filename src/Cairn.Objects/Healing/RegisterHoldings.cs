using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Healing;

/// <summary>Everything that each reachable drive holds of one register, all versions included.</summary>
internal sealed class RegisterHoldings
{
    private const int PageSize = 1000;

    private readonly List<RegisterEntry>?[] _entries;

    private RegisterHoldings(RegisterKey key, Partition partition, StoreEngine engine)
    {
        _entries = new List<RegisterEntry>?[partition.Width];
        Views = new ReplicaViews(key, null, partition, engine.Records);
    }

    public ReplicaViews Views { get; }

    /// <summary>Drives whose holdings are known in full.</summary>
    public PositionSet Heard => Views.Heard;

    public static async ValueTask<RegisterHoldings> ReadAsync(StoreEngine engine, RegisterKey key)
    {
        Partition partition = engine.PartitionOf(key);
        RegisterHoldings holdings = new(key, partition, engine);
        foreach (int position in partition.Reachable())
        {
            await holdings.ReadAsync(partition.Drives[position], position);
        }

        return holdings;
    }

    /// <summary>The drive's entry of a slot under exactly this ballot.</summary>
    public RegisterEntry? Find(int position, VersionId slot, Ballot ballot) =>
        _entries[position]?.Find(entry => entry.Slot == slot && entry.Ballot == ballot);

    private async ValueTask ReadAsync(DriveHandle drive, int position)
    {
        RegisterKey key = Views.Key;
        List<RegisterEntry> entries = [];
        Ballot? olderThan = null;
        bool isVoting = true;
        while (true)
        {
            DriveResult<ListReply> reply = await drive.ListAsync(new ListRequest
            {
                Space = key.Space,
                Bucket = key.Bucket,
                Prefix = key.Name,
                From = key.Name,
                OlderThan = olderThan,
                AllVersions = true,
                Limit = PageSize,
            });
            if (!reply.IsOk)
            {
                return;
            }

            isVoting &= reply.Value.IsVoting;
            if (reply.Value.Rows.Count == 0 || !reply.Value.Rows[0].Name.Span.SequenceEqual(key.Name.Span))
            {
                break;
            }

            ListRow row = reply.Value.Rows[0];
            entries.AddRange(row.Entries);
            if (!row.IsCut)
            {
                break;
            }

            olderThan = row.Entries[^1].Birth;
        }

        _entries[position] = entries;
        Views.Add(position, new RegisterView(isVoting, Ballot.Zero, entries));
    }
}
