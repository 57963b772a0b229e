using System.Globalization;
using Cairn.Primitives.Codecs;

namespace Cairn.Primitives.SigV4;

/// <summary>What a signing key is good for: one day, one region, one service.</summary>
/// <param name="Day">The number yyyyMMdd, see <see cref="SigV4Time.DayOf"/>.</param>
/// <param name="Region">As the client names it.</param>
/// <param name="Service">"s3" or "sts".</param>
public readonly record struct SigV4Scope(int Day, string Region, string Service)
{
    /// <summary>The last element of every scope.</summary>
    public const string Terminator = "aws4_request";

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Day:D8}/{Region}/{Service}/{Terminator}");

    internal void AppendTo(ref ByteBuilder builder)
    {
        builder.AppendDecimal(Day, new System.Buffers.StandardFormat('D', 8));
        builder.Append((byte)'/');
        builder.Append(Region.AsSpan());
        builder.Append((byte)'/');
        builder.Append(Service.AsSpan());
        builder.Append((byte)'/');
        builder.Append(Terminator.AsSpan());
    }
}
