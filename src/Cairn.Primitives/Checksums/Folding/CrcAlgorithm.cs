using System.Buffers.Binary;

namespace Cairn.Primitives.Checksums.Folding;

/// <summary>One reflected CRC of up to 64 bits: its tables and the fastest kernel this processor has for it.</summary>
/// <remarks>
/// Purpose: one engine for all CRCs; they differ by generator and width only.
/// Invariants: a state is the residue without the customary inversion at the start and at the end, which the public
/// types add. Immutable, so shared by all threads.
/// </remarks>
internal sealed class CrcAlgorithm
{
    private const int Slices = sizeof(ulong);

    private readonly ulong[] _tables;
    private readonly CrcFolding? _folding;
    private readonly CrcInstruction? _instruction;

    public CrcAlgorithm(int width, ulong reflected, CrcInstruction? instruction = null)
        : this(width, reflected, CrcFolding.Fastest, instruction?.IsSupported == true ? instruction : null)
    {
    }

    /// <summary>For tests: with exactly these kernels.</summary>
    internal CrcAlgorithm(int width, ulong reflected, CrcFolding? folding, CrcInstruction? instruction)
    {
        Polynomial = new CrcPolynomial(width, reflected);
        _tables = ComputeTables(Polynomial);
        _folding = folding;
        _instruction = instruction;
        Factors = new CrcFoldingFactors(Polynomial);
    }

    public CrcPolynomial Polynomial { get; }

    public CrcFoldingFactors Factors { get; }

    public string KernelName => _folding?.Name ?? (_instruction is null ? "table" : "crc instruction");

    public ulong Update(ulong state, ReadOnlySpan<byte> source)
    {
        if (_folding is not null && source.Length >= CrcFolding.ShortestSource)
        {
            Span<byte> residue = stackalloc byte[CrcFolding.ResidueSize];
            var folded = _folding.Fold(Factors, state, source, residue);
            state = UpdateShort(0, residue);
            source = source[folded..];
        }

        return UpdateShort(state, source);
    }

    /// <summary>The CRC of the concatenation of two byte strings, from the CRCs of both and the length of the second.
    /// Holds with the customary inversions in place, because those of the first and of the second cancel out.</summary>
    public ulong Combine(ulong first, ulong second, long secondLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(secondLength);
        return Polynomial.Multiply(first, Polynomial.Power((UInt128)secondLength * 8)) ^ second;
    }

    private ulong UpdateShort(ulong state, ReadOnlySpan<byte> source) =>
        _instruction is null ? UpdateByTable(state, source) : _instruction.Update(state, source);

    // "Slicing by 8": Kounavis and Berry, "A Systematic Approach to Building High Performance Software-based CRC
    // Generators", 2005.
    private ulong UpdateByTable(ulong state, ReadOnlySpan<byte> source)
    {
        var tables = _tables.AsSpan(0, Slices * 256);
        for (; source.Length >= Slices; source = source[Slices..])
        {
            var word = state ^ BinaryPrimitives.ReadUInt64LittleEndian(source);
            state = tables[7 * 256 + (byte)word]
                ^ tables[6 * 256 + (byte)(word >> 8)]
                ^ tables[5 * 256 + (byte)(word >> 16)]
                ^ tables[4 * 256 + (byte)(word >> 24)]
                ^ tables[3 * 256 + (byte)(word >> 32)]
                ^ tables[2 * 256 + (byte)(word >> 40)]
                ^ tables[1 * 256 + (byte)(word >> 48)]
                ^ tables[(byte)(word >> 56)];
        }

        foreach (var value in source)
        {
            state = (state >> 8) ^ tables[(byte)(state ^ value)];
        }

        return state;
    }

    private static ulong[] ComputeTables(CrcPolynomial polynomial)
    {
        var tables = new ulong[Slices * 256];
        for (var value = 0; value < 256; value++)
        {
            var residue = (ulong)value;
            for (var slice = 0; slice < Slices; slice++)
            {
                for (var bit = 0; bit < 8; bit++)
                {
                    residue = polynomial.TimesX(residue);
                }

                tables[slice * 256 + value] = residue;
            }
        }

        return tables;
    }
}
