using Cairn.Drives.Index;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Commit;

/// <summary>What one change to a batch replaced: a head, a row, or the end of a list. A value, since each change makes one.</summary>
internal readonly struct UndoStep
{
    public bool IsHead { get; private init; }

    public bool WasThere { get; private init; }

    public bool WasChanged { get; private init; }

    public RegisterKey Register { get; private init; }

    public RegisterHead? Head { get; private init; }

    public IndexKey Row { get; private init; }

    public byte[]? Content { get; private init; }

    public List<DataId>? List { get; private init; }

    public static UndoStep OfHead(RegisterKey register, RegisterHead? before, bool wasRead, bool wasChanged) =>
        new() { IsHead = true, Register = register, Head = before, WasThere = wasRead, WasChanged = wasChanged };

    public static UndoStep OfRow(IndexKey row, byte[]? before, bool existed) =>
        new() { Row = row, Content = before, WasThere = existed };

    /// <summary>One element was added at the end.</summary>
    public static UndoStep OfList(List<DataId> list) => new() { List = list };
}
