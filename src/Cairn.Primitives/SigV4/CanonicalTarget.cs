using Cairn.Primitives.Codecs;

namespace Cairn.Primitives.SigV4;

/// <summary>Decodes and encodes once: whatever spelling a client chose becomes the only one.</summary>
internal static class CanonicalTarget
{
    public static bool TryAppend(ref ByteBuilder builder, scoped ReadOnlySpan<char> raw, bool isQuery)
    {
        bool keepSlash = !isQuery;
        while (!raw.IsEmpty)
        {
            char c = raw[0];
            if (c >= 0x80)
            {
                // No HTTP server passes such a target on; a client that signs one would sign something else.
                return false;
            }

            byte value = (byte)c;
            int consumed = 1;
            if (c == '%')
            {
                if (!PercentEncoding.TryDecodeByte(raw, out value))
                {
                    return false;
                }

                consumed = 3;
            }
            else if (isQuery && c == '+')
            {
                value = (byte)' ';
            }

            builder.Advance(PercentEncoding.EncodeByte(
                value, keepSlash, builder.Reserve(PercentEncoding.MaxExpansion)));
            raw = raw[consumed..];
        }

        return true;
    }
}
