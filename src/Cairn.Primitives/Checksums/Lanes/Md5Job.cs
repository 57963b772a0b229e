namespace Cairn.Primitives.Checksums.Lanes;

/// <summary>Whole blocks of one message that wait for a lane. The pointer is valid while the job runs.</summary>
internal unsafe struct Md5Job
{
    public byte* Blocks;
    public nint BlockCount;
    public Md5State State;
}
