using System.Security.Cryptography;

namespace Cairn.Api.S3;

/// <summary>Names for requests: unique within a process, unlikely to repeat across restarts.</summary>
internal sealed class RequestIds
{
    private long _last = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    /// <summary>Sixteen upper-case hexadecimal digits, as AWS's are.</summary>
    public string Next() => string.Create(
        16,
        (ulong)Interlocked.Increment(ref _last),
        // An odd factor spreads consecutive numbers over all digits and keeps them distinct.
        static (text, number) => (number * 0x9E3779B97F4A7C15).TryFormat(text, out _, "X16"));
}
