namespace Cairn.Objects.Data;

/// <summary>How a piece of data is cut: any k of k+m shards restore it.</summary>
/// <param name="DataShards">k, at least 1.</param>
/// <param name="ParityShards">m, 0 or more.</param>
internal readonly record struct ErasureCode(byte DataShards, byte ParityShards)
{
    public int Total => DataShards + ParityShards;
}
