using Cairn.Primitives.Checksums;
using Cairn.Primitives.Checksums.Lanes;
using Cairn.Primitives.Erasure;

namespace Cairn.Primitives;

/// <summary>Proves at start that the kernels chosen for this processor compute what they should.</summary>
/// <remarks>
/// Purpose: a wrong kernel (a faulty or badly emulated processor, a compiler defect) would destroy data silently, with
/// parity and checksums that agree with each other. A server that does not start is the better failure.
/// What is not checked: kernels that this processor has but production does not choose; the tests do that.
/// </remarks>
public static class KernelSelfCheck
{
    /// <summary>Takes a few milliseconds, most of them compilation that the first request would have to wait for.
    /// Returns the names of the chosen kernels for the start log.</summary>
    /// <exception cref="PlatformNotSupportedException">A kernel computed a wrong result; the message says which and
    /// what to do.</exception>
    public static string Run()
    {
        ErasureSelfCheck.Run(ShardKernel.Fastest);
        ChecksumSelfCheck.Run(Crc32.Algorithm, Crc32C.Algorithm, Crc64Nvme.Algorithm);
        Md5SelfCheck.Run(Md5Kernel.Widest);
        return $"erasure {ShardKernel.Fastest.Name}; crc32 {Crc32.Algorithm.KernelName}; " +
            $"crc32c {Crc32C.Algorithm.KernelName}; crc64nvme {Crc64Nvme.Algorithm.KernelName}; " +
            $"md5 {Md5Kernel.Widest.Name} x{Md5Kernel.Widest.LaneCount}";
    }

    internal static void Require(bool isRight, string what, string kernel)
    {
        if (!isRight)
        {
            throw new PlatformNotSupportedException(
                $"Self-check failed: the {what} kernel '{kernel}' computes wrong results on this processor, so data " +
                "written here could not be trusted. Check the machine (memory test, other host, emulated processor); " +
                "to rule out one instruction set, disable it, for example with DOTNET_EnableAVX512=0.");
        }
    }
}
