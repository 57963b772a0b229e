using Cairn.Drives.Registers;

namespace Cairn.Objects.Commit.Listing;

/// <summary>Collects the rows of a page; rows whose value is still being read keep their place.</summary>
/// <remarks>
/// Purpose: registers in doubt are read side by side, because after a crash there may be a page full of them.
/// Concurrency: one listing.
/// </remarks>
internal sealed class RegisterPageBuilder(RegisterReader reader, int limit)
{
    // More at once would only queue up before the drives.
    private const int ReadsAtOnce = 32;

    private readonly List<RegisterRow?> _rows = new(Math.Min(limit, 1024));
    private readonly List<(int Index, ReadOnlyMemory<byte> Name, Task<ObjectResult<ResolvedRegister>> Read)> _reads = [];
    private int _count;

    /// <summary>Entries that the page still takes.</summary>
    public int Room => limit - _count;

    public bool HasReads => _reads.Count > 0;

    public bool ReadsEnough => _reads.Count >= ReadsAtOnce;

    public void Add(RegisterRow row)
    {
        _rows.Add(row);
        _count += row.Values.Count;
    }

    /// <summary>Reads a register in doubt, taking it for live until that is told.</summary>
    public void Read(RegisterKey key, ReadOnlyMemory<byte> name, CancellationToken cancellationToken)
    {
        _reads.Add((_rows.Count, name, reader.ReadAsync(key, null, withInline: false, cancellationToken).AsTask()));
        _rows.Add(null);
        _count++;
    }

    /// <summary>Waits for the reads; registers that turn out to be dead make room again.</summary>
    public async ValueTask<ObjectError> FinishReadsAsync()
    {
        ObjectError error = ObjectError.None;
        await Task.WhenAll(_reads.Select(read => read.Read));
        foreach ((int index, ReadOnlyMemory<byte> name, Task<ObjectResult<ResolvedRegister>> read) in _reads)
        {
            ObjectResult<ResolvedRegister> result = await read;
            if (!result.IsOk)
            {
                error = result.Error;
            }
            else if (result.Value.Current is { } current)
            {
                _rows[index] = new RegisterRow(name, [current], IsCut: false);
            }
            else
            {
                _count--;
            }
        }

        _reads.Clear();
        return error;
    }

    public RegisterPage Build(bool isEnd)
    {
        _rows.RemoveAll(static row => row is null);
        return new RegisterPage(_rows!, isEnd);
    }
}
