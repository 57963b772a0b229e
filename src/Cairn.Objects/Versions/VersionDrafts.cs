using Cairn.Objects.Commit;
using Cairn.Objects.Data;
using Cairn.Objects.Records;

namespace Cairn.Objects.Versions;

/// <summary>Drafts of versions over data that is on the drives already.</summary>
internal static class VersionDrafts
{
    /// <summary>A new record for an existing version, which keeps its birth and its data.</summary>
    public static RegisterDraft Change(RegisterValue version, VersionRecord record) => new()
    {
        Slot = version.Slot,
        KeepsBirth = true,
        Body = VersionRecordCodec.Encode(record),
        Data = version.Data,
        DataShards = MostDataShards(record.Pieces),
    };

    /// <summary>The write quorum must be able to restore every piece, so the one with the most data shards decides.</summary>
    public static int MostDataShards(IReadOnlyList<DataPiece> pieces)
    {
        int most = 0;
        for (int i = 0; i < pieces.Count; i++)
        {
            most = Math.Max(most, pieces[i].Code.DataShards);
        }

        return most;
    }
}
