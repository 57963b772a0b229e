using System.Buffers;
using Cairn.Server.Http;
using Xunit;

namespace Cairn.UnitTests.Server;

public sealed class ConnectionBuffersTests
{
    [Fact]
    public void Block_holds_a_small_body_with_its_headers()
    {
        using ConnectionBuffers buffers = new();
        using IMemoryOwner<byte> block = buffers.Rent(4096);
        Assert.Equal(ConnectionBuffers.BlockSize, block.Memory.Length);
    }

    [Fact]
    public void Block_has_one_owner_also_when_it_is_given_back_twice()
    {
        using ConnectionBuffers buffers = new();
        IMemoryOwner<byte> first = buffers.Rent();
        first.Dispose();
        first.Dispose();
        using IMemoryOwner<byte> second = buffers.Rent();
        using IMemoryOwner<byte> third = buffers.Rent();
        second.Memory.Span.Fill(2);
        third.Memory.Span.Fill(3);
        Assert.Equal(2, second.Memory.Span[0]);
        Assert.Throws<ObjectDisposedException>(() => first.Memory);
    }

    [Fact]
    public void Block_may_come_back_after_the_pool_is_gone()
    {
        ConnectionBuffers buffers = new();
        IMemoryOwner<byte> block = buffers.Rent();
        buffers.Dispose();
        block.Dispose();
    }
}
