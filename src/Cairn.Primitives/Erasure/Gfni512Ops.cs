using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cairn.Primitives.Erasure;

/// <summary>A multiplication is one 8x8 bit matrix product per byte: GFNI on 512-bit registers.</summary>
internal readonly unsafe struct Gfni512Ops : IFieldOps<Vector512<byte>, Vector512<byte>, Vector512<byte>>
{
    public static bool IsSupported => Gfni.V512.IsSupported && Avx512F.IsSupported;

    public static string Name => "gfni+avx512";

    public static int Width => Vector512<byte>.Count;

    public static int TableSize => sizeof(ulong);

    public static void WriteTable(byte coefficient, Span<byte> table) =>
        BinaryPrimitives.WriteUInt64LittleEndian(table, GaloisField.MultiplicationMatrix(coefficient));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> LoadFactor(byte* table) => Vector512.Create(*(ulong*)table).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(byte* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Multiply(Vector512<byte> input, Vector512<byte> factor) =>
        Gfni.V512.GaloisFieldAffineTransform(input, factor, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Xor(Vector512<byte> left, Vector512<byte> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<byte> value, byte* target) => value.Store(target);
}
