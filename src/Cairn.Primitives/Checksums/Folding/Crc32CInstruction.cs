using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;

namespace Cairn.Primitives.Checksums.Folding;

/// <summary>CRC32C in SSE4.2 and in the Arm CRC extension.</summary>
internal sealed class Crc32CInstruction : CrcInstruction
{
    public override bool IsSupported => Sse42.X64.IsSupported || ArmCrc32.Arm64.IsSupported;

    public override ulong Update(ulong state, ReadOnlySpan<byte> source)
    {
        for (; source.Length >= sizeof(ulong); source = source[sizeof(ulong)..])
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(source);
            state = Sse42.X64.IsSupported
                ? Sse42.X64.Crc32(state, word)
                : ArmCrc32.Arm64.ComputeCrc32C((uint)state, word);
        }

        foreach (var value in source)
        {
            state = Sse42.IsSupported
                ? Sse42.Crc32((uint)state, value)
                : ArmCrc32.ComputeCrc32C((uint)state, value);
        }

        return state;
    }
}
