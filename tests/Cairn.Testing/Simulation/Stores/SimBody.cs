using System.Security.Cryptography;
using Cairn.Objects;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>A request body that trickles in, with or without an announced length, and may break off.</summary>
internal sealed class SimBody : IObjectBody, IDisposable
{
    private readonly World _world;
    private readonly SimRandom _random;
    private readonly Content _content;
    private readonly int _breakAt;
    private readonly bool _isSlow;
#pragma warning disable CA5351 // S3 defines the ETag as an MD5.
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
    private int _position;
    private int _hashed;
    private bool _isGone;

    public SimBody(World world, SimRandom random, Content content, bool breaks)
    {
        _world = world;
        _random = random;
        _content = content;
        _breakAt = breaks ? random.Next(content.Bytes.Length + 1) : int.MaxValue;
        _isSlow = random.Chance(0.1);
        Length = random.Chance(0.7) ? content.Bytes.Length : null;
    }

    public long? Length { get; }

    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (_random.Chance(0.3))
        {
            await _world.DelayAsync(_random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(_isSlow ? 200 : 1)));
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_position >= _breakAt || _isGone)
        {
            throw new BodyBrokenException();
        }

        int left = Math.Min(_content.Bytes.Length, _breakAt) - _position;
        int count = Math.Min(left, destination.Length);
        if (count > 1 && _random.Chance(0.5))
        {
            count = _random.Between(1, count);
        }

        if (count == 0 && left == 0 && _breakAt != int.MaxValue)
        {
            throw new BodyBrokenException();
        }

        _content.Bytes.AsSpan(_position, count).CopyTo(destination.Span);
        _position += count;
        return count;
    }

    public ValueTask HashAsync(ReadOnlyMemory<byte> bytes)
    {
        ThrowIfGone();
        Hash(bytes.Span);
        return ValueTask.CompletedTask;
    }

    private void Hash(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.SequenceEqual(_content.Bytes.AsSpan(_hashed, bytes.Length)))
        {
            throw _world.Fail("The store hashes other bytes than it read, or in another order.");
        }

        _md5.AppendData(bytes);
        _hashed += bytes.Length;
    }

    public ValueTask<BodyDigest> FinishAsync(CancellationToken cancellationToken)
    {
        ThrowIfGone();
        if (_hashed != _content.Bytes.Length)
        {
            throw _world.Fail("The store ends a body that it has not hashed whole.");
        }

        return ValueTask.FromResult(new BodyDigest(_md5.GetHashAndReset(), null));
    }

    /// <summary>The client hangs up. The store may still be reading.</summary>
    public void Dispose()
    {
        _isGone = true;
        _md5.Dispose();
    }

    private void ThrowIfGone()
    {
        if (_isGone)
        {
            throw new BodyBrokenException();
        }
    }
}
