using System.Buffers.Binary;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;

namespace Cairn.Primitives.Checksums.Folding;

/// <summary>CRC-32 of IEEE 802.3 in the Arm CRC extension; x86 has no instruction for it.</summary>
internal sealed class Crc32Instruction : CrcInstruction
{
    public override bool IsSupported => ArmCrc32.Arm64.IsSupported;

    public override ulong Update(ulong state, ReadOnlySpan<byte> source)
    {
        var crc = (uint)state;
        for (; source.Length >= sizeof(ulong); source = source[sizeof(ulong)..])
        {
            crc = ArmCrc32.Arm64.ComputeCrc32(crc, BinaryPrimitives.ReadUInt64LittleEndian(source));
        }

        foreach (var value in source)
        {
            crc = ArmCrc32.ComputeCrc32(crc, value);
        }

        return crc;
    }
}
