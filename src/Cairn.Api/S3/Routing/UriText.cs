using System.Buffers;
using System.Text;
using Cairn.Primitives.Codecs;

namespace Cairn.Api.S3.Routing;

/// <summary>Text out of percent-encoded UTF-8.</summary>
internal static class UriText
{
    private const int OnStack = 1024;

    /// <summary>Decodes once.</summary>
    /// <returns>False for broken percent sequences and for bytes that are not UTF-8.</returns>
    public static bool TryDecode(ReadOnlySpan<char> raw, bool plusIsSpace, out string text)
    {
        int most = raw.Length * PercentEncoding.MaxExpansion;
        byte[]? rented = most > OnStack ? ArrayPool<byte>.Shared.Rent(most) : null;
        Span<byte> bytes = rented ?? stackalloc byte[OnStack];
        try
        {
            text = "";
            if (!PercentEncoding.TryDecode(raw, plusIsSpace, bytes, out int written)
                || !System.Text.Unicode.Utf8.IsValid(bytes[..written]))
            {
                return false;
            }

            text = Encoding.UTF8.GetString(bytes[..written]);
            return true;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }
}
