namespace Cairn.Benchmarks.Cluster;

/// <summary>A way for two nodes to talk, both ends in this process, over loopback sockets.</summary>
internal interface IWire : IAsyncDisposable
{
    string Name { get; }

    /// <summary>A request with a body and a short answer.</summary>
    Task CallAsync(ReadOnlyMemory<byte> body);

    /// <summary>A long body in pieces, and a short answer at its end.</summary>
    Task StreamAsync(ReadOnlyMemory<byte> body);
}
