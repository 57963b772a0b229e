using Cairn.Drives.Index;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;

namespace Cairn.Drives.Reading;

/// <summary>The last orders about buckets, as a drive's index has them.</summary>
internal static class BucketGateListing
{
    public static IReadOnlyList<BucketGate> Run(IDriveIndex index)
    {
        List<BucketGate> gates = [];
        using IIndexCursor cursor = index.OpenCursor(IndexFamily.System, SystemRow.GateLower, SystemRow.GateUpper);
        while (cursor.MoveNext())
        {
            gates.Add(SystemRow.DecodeGate(cursor.Key, cursor.Value.ToArray()));
        }

        return gates;
    }
}
