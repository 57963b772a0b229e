using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cairn.Primitives.Erasure;

/// <summary>A multiplication is one 8x8 bit matrix product per byte: GFNI on 256-bit registers.</summary>
internal readonly unsafe struct Gfni256Ops : IFieldOps<Vector256<byte>, Vector256<byte>, Vector256<byte>>
{
    public static bool IsSupported => Gfni.V256.IsSupported && Avx2.IsSupported;

    public static string Name => "gfni+avx2";

    public static int Width => Vector256<byte>.Count;

    public static int TableSize => sizeof(ulong);

    public static void WriteTable(byte coefficient, Span<byte> table) =>
        BinaryPrimitives.WriteUInt64LittleEndian(table, GaloisField.MultiplicationMatrix(coefficient));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> LoadFactor(byte* table) => Vector256.Create(*(ulong*)table).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(byte* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Multiply(Vector256<byte> input, Vector256<byte> factor) =>
        Gfni.V256.GaloisFieldAffineTransform(input, factor, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Xor(Vector256<byte> left, Vector256<byte> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<byte> value, byte* target) => value.Store(target);
}
