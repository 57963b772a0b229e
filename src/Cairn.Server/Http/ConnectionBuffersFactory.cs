using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Cairn.Server.Http;

/// <summary>Gives Kestrel our blocks; it asks for a pool for each of its queues of sockets.</summary>
internal sealed class ConnectionBuffersFactory : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new ConnectionBuffers();
}
