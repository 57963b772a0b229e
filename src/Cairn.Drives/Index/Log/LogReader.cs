using System.Buffers;
using Cairn.Drives.Os;
using Microsoft.Win32.SafeHandles;

namespace Cairn.Drives.Index.Log;

/// <summary>Reads a log from its first record to its end.</summary>
/// <remarks>
/// Purpose: to tell the last record, torn by a crash before anybody was answered, from damage, behind which answered
/// writes lie. Torn is what the file is too short for, or what has a sector of zeros where the device never got to, and
/// no record follows it; everything else is damage.
/// </remarks>
internal sealed class LogReader(NumberedFiles files)
{
    private const int SectorSize = 512;

    // Fewer zeros than this may be the end of any record.
    private const int LeastZeros = 16;
    private const long NoSequence = -1;

    private long _nextSequence = NoSequence;

    /// <param name="apply">Takes each record: its bytes, in an array of the shared pool that is its own then.</param>
    /// <exception cref="DriveIoException">The device failed.</exception>
    public LogEnd Run(Action<byte[], int> apply)
    {
        long[] numbers = files.List();
        if (numbers.Length == 0)
        {
            return new LogEnd(1, 0, 0, false);
        }

        bool isWhole = true;
        for (int i = 0; i < numbers.Length && isWhole; i++)
        {
            using SafeFileHandle file = files.Open(numbers[i], FileAccess.Read);
            isWhole = OsFault.Guard(() => ReadFile(file, i == numbers.Length - 1, apply));
        }

        return new LogEnd(numbers[0], numbers[^1], Math.Max(0, _nextSequence), !isWhole);
    }

    /// <returns>False when there is damage.</returns>
    private bool ReadFile(SafeFileHandle file, bool isLast, Action<byte[], int> apply)
    {
        long length = RandomAccess.GetLength(file);
        long offset = 0;
        byte[] header = new byte[LogRecord.HeaderSize];
        while (offset < length)
        {
            int read = FileReading.Fill(file, offset, header);
            bool isHeader = LogRecord.TryReadHeader(header.AsSpan(0, read), out LogRecord record);
            if (isHeader && _nextSequence != NoSequence && record.Sequence != _nextSequence)
            {
                return false;
            }

            int size = isHeader ? LogRecord.HeaderSize + record.PayloadLength : read;
            byte[] bytes = ArrayPool<byte>.Shared.Rent(size);
            int found = FileReading.Fill(file, offset, bytes.AsSpan(0, size));
            if (!isHeader || !record.IsIntact(bytes.AsSpan(LogRecord.HeaderSize..found)))
            {
                bool isTorn = isLast
                    && (found < size || read < LogRecord.HeaderSize || HasEmptySector(bytes.AsSpan(0, found), offset))
                    && !HasRecordBehind(file, offset + 1, length);
                ArrayPool<byte>.Shared.Return(bytes);
                return isTorn;
            }

            apply(bytes, size);
            offset += size;
            _nextSequence = record.Sequence + 1;
        }

        return true;
    }

    // Devices write whole sectors: the part of one that is ours is written or it is not.
    private static bool HasEmptySector(ReadOnlySpan<byte> bytes, long offset)
    {
        while (!bytes.IsEmpty)
        {
            int inSector = (int)Math.Min(bytes.Length, SectorSize - offset % SectorSize);
            if (inSector >= LeastZeros && !bytes[..inSector].ContainsAnyExcept((byte)0))
            {
                return true;
            }

            bytes = bytes[inSector..];
            offset += inSector;
        }

        return false;
    }

    private static bool HasRecordBehind(SafeFileHandle file, long from, long length)
    {
        byte[] rest = new byte[length - from];
        int filled = FileReading.Fill(file, from, rest);
        ReadOnlySpan<byte> bytes = rest.AsSpan(0, filled);
        while (bytes.IndexOf(LogRecord.Magic) is var next && next >= 0)
        {
            bytes = bytes[next..];
            if (LogRecord.TryReadHeader(bytes, out _))
            {
                return true;
            }

            bytes = bytes[1..];
        }

        return false;
    }
}
