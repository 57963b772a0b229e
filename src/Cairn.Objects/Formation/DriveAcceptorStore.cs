using Cairn.Cluster.Agreement;
using Cairn.Drives;
using Cairn.Drives.Bays;

namespace Cairn.Objects.Formation;

/// <summary>Keeps what this node has voted for on its drives.</summary>
/// <remarks>
/// Invariants: a state is on more than half of the drives before it counts; it is read from so many that one of them has
/// it. Of several, the one with the highest promise is the last. A drive that took another one's place knows nothing, so
/// only a node on all of whose drives there is nothing has never voted.
/// Failure: a save that reached too few drives may be found by one start and missed by the next; so what is found is
/// brought to enough drives before anybody hears of it.
/// </remarks>
public sealed class DriveAcceptorStore(IReadOnlyList<DriveBay> bays) : IAcceptorStore
{
    private const string Document = "agreement";

    private int SaveQuorum => (bays.Count / 2) + 1;

    private int LoadQuorum => bays.Count - SaveQuorum + 1;

    public async ValueTask<AcceptorState?> LoadAsync(CancellationToken cancellationToken)
    {
        List<AcceptorState?> answers = [];
        foreach (DriveBay bay in bays)
        {
            if (bay.Drive is { } drive)
            {
                DriveResult<byte[]?> read = await drive.ReadDocumentAsync(Document, cancellationToken);
                if (read.IsOk && TryDecode(read.Value, out AcceptorState? state))
                {
                    answers.Add(state);
                }
            }
        }

        AcceptorState? newest = answers.MaxBy(state => state?.Promised ?? default);
        int holders = answers.Count(state => state is not null);
        if (newest is null ? answers.Count < bays.Count : holders < LoadQuorum)
        {
            throw new IOException(
                $"{holders} of {bays.Count} drives of this node hold the layout, and {answers.Count} can be read; "
                + $"{LoadQuorum} have to hold it. Bring back drives that are missing.");
        }

        if (newest is not null && answers.Any(state => !newest.Equals(state)))
        {
            await SaveAsync(newest, cancellationToken);
        }

        return newest;
    }

    public async ValueTask SaveAsync(AcceptorState state, CancellationToken cancellationToken)
    {
        byte[] bytes = AgreementCodec.Encode(state);
        int saved = 0;
        foreach (DriveBay bay in bays)
        {
            saved += bay.Drive is { } drive
                && await drive.WriteDocumentAsync(Document, bytes, cancellationToken) == DriveFault.None ? 1 : 0;
        }

        if (saved < SaveQuorum)
        {
            throw new IOException(
                $"Only {saved} of {bays.Count} drives of this node can be written; {SaveQuorum} are needed to agree on a layout.");
        }
    }

    // A damaged copy is no answer; the others have it, too.
    private static bool TryDecode(byte[]? document, out AcceptorState? state)
    {
        state = null;
        try
        {
            state = document is null ? null : AgreementCodec.DecodeState(document);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
