using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Records;

/// <summary>A row of Heads: what decides about a register without looking elsewhere. Immutable.</summary>
/// <remarks>
/// Invariants: Promised is at or above every accepted ballot of the register. Entries hold every uncommitted entry, the
/// committed entry of each slot that has an uncommitted one, the newest committed live entry, and every committed entry
/// with a higher birth than that one (tombstones); they are sorted newest first. All other committed entries are rows
/// of Versions, <see cref="VersionCount"/> of them. A register with rows in Versions has a head.
/// </remarks>
internal sealed record RegisterHead
{
    private const byte Layout = 1;
    private const byte NullBirthFlag = 1;
    private const byte DamagedFlag = 2;

    public static RegisterHead Empty { get; } = new();

    public Ballot Promised { get; init; }

    /// <summary>Birth of the null slot's entry in Versions; zero when it is not there.</summary>
    public Ballot NullBirth { get; init; }

    /// <summary>Rows of this register in Versions.</summary>
    public long VersionCount { get; init; }

    /// <summary>
    /// A row of this register was unreadable and replaced: what is held is real, what is missing proves nothing.
    /// </summary>
    public bool IsDamaged { get; init; }

    public IReadOnlyList<StoredEntry> Entries { get; init; } = [];

    public bool IsEmpty => Entries.Count == 0 && VersionCount == 0;

    /// <summary>RegisterView.Floor, by what the drive has forgotten up to this time or later.</summary>
    /// <remarks>What is accepted stays until its removal is forgotten, which takes a row away that has nothing else.</remarks>
    public Ballot FloorOn(Ballot forgotten) => IsEmpty && forgotten < Promised ? forgotten : Promised;

    /// <summary>An entry waits for its commit.</summary>
    public bool HasPending
    {
        get
        {
            foreach (StoredEntry entry in Entries)
            {
                if (!entry.IsCommitted)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public int EncodedSize
    {
        get
        {
            int size = 2 + Ballot.Size + (NullBirth != Ballot.Zero ? Ballot.Size : 0) + RowWriter.SizeOfNumber(VersionCount)
                + RowWriter.SizeOfNumber(Entries.Count) + RowSeal.Size;
            foreach (StoredEntry entry in Entries)
            {
                size += entry.EncodedSize;
            }

            return size;
        }
    }

    /// <summary>The newest committed live entry, if any.</summary>
    public StoredEntry? Current
    {
        get
        {
            foreach (StoredEntry entry in Entries)
            {
                if (entry.IsLive)
                {
                    return entry;
                }
            }

            return null;
        }
    }

    /// <exception cref="Os.DriveIoException">Corrupt, or written by a newer release.</exception>
    public static RegisterHead Decode(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> row)
    {
        RowReader reader = new(RowSeal.Open(Index.IndexFamily.Heads, key, row));
        reader.ExpectVersion(Layout);
        byte flags = reader.Byte();
        Ballot promised = reader.Ballot();
        Ballot nullBirth = (flags & NullBirthFlag) != 0 ? reader.Ballot() : Ballot.Zero;
        long versionCount = reader.Number();
        StoredEntry[] entries = new StoredEntry[reader.Count()];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = StoredEntry.Read(ref reader);
        }

        return new RegisterHead
        {
            Promised = promised,
            NullBirth = nullBirth,
            VersionCount = versionCount,
            IsDamaged = (flags & DamagedFlag) != 0,
            Entries = entries,
        };
    }

    public byte[] Encode(ReadOnlySpan<byte> key)
    {
        bool hasNullBirth = NullBirth != Ballot.Zero;
        byte[] row = new byte[EncodedSize];
        RowWriter writer = new(row);
        writer.Byte(Layout);
        writer.Byte((byte)((hasNullBirth ? NullBirthFlag : 0) | (IsDamaged ? DamagedFlag : 0)));
        writer.Ballot(Promised);
        if (hasNullBirth)
        {
            writer.Ballot(NullBirth);
        }

        writer.Number(VersionCount);
        writer.Number(Entries.Count);
        foreach (StoredEntry entry in Entries)
        {
            entry.Write(ref writer);
        }

        RowSeal.Write(Index.IndexFamily.Heads, key, row);
        return row;
    }

    public IReadOnlyList<RegisterEntry> ToRegisterEntries()
    {
        if (Entries.Count == 0)
        {
            return [];
        }

        RegisterEntry[] entries = new RegisterEntry[Entries.Count];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = Entries[i].ToRegisterEntry();
        }

        return entries;
    }
}
