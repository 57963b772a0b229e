using System.Security.Cryptography;
using Cairn.Objects;

namespace Cairn.UnitTests.Objects.Data;

/// <summary>A body from memory that hands out odd amounts, checks the order of its hashing, and can break.</summary>
internal sealed class MemoryBody(byte[] content, bool isAnnounced = true) : IObjectBody, IDisposable
{
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private int _read;
    private int _hashed;

    public int? BreaksAt { get; init; }

    public int MaxRead { get; init; } = 50_000;

    public long? Length => isAnnounced ? content.Length : null;

    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (_read >= BreaksAt)
        {
            throw new IOException("The client went away.");
        }

        int count = Math.Min(Math.Min(destination.Length, MaxRead), content.Length - _read);
        content.AsMemory(_read, count).CopyTo(destination);
        _read += count;
        return count;
    }

    public ValueTask HashAsync(ReadOnlyMemory<byte> bytes)
    {
        Hash(bytes.Span);
        return ValueTask.CompletedTask;
    }

    private void Hash(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.SequenceEqual(content.AsSpan(_hashed, bytes.Length)))
        {
            throw new InvalidOperationException("Hashed out of order.");
        }

        _md5.AppendData(bytes);
        _hashed += bytes.Length;
    }

    public ValueTask<BodyDigest> FinishAsync(CancellationToken cancellationToken) =>
        _hashed == content.Length
            ? new(new BodyDigest(_md5.GetHashAndReset(), null))
            : throw new InvalidOperationException("Not all was hashed.");

    public void Dispose() => _md5.Dispose();
}
