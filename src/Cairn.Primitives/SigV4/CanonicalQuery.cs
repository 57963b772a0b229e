using System.Buffers;
using Cairn.Primitives.Codecs;

namespace Cairn.Primitives.SigV4;

/// <summary>
/// A query with each parameter encoded once, sorted by encoded name and then value, each with its "=".
/// </summary>
internal static class CanonicalQuery
{
    private const int FewParameters = 16;

    public static bool TryAppend(
        ref ByteBuilder builder, scoped ReadOnlySpan<char> rawQuery, scoped ReadOnlySpan<char> omitted)
    {
        if (rawQuery.IsEmpty)
        {
            return true;
        }

        int most = rawQuery.Count('&') + 1;
        Parameter[]? rented = most > FewParameters ? ArrayPool<Parameter>.Shared.Rent(most) : null;
        Span<Parameter> parameters = rented ?? stackalloc Parameter[FewParameters];
        var encoded = new ByteBuilder(stackalloc byte[512]);
        try
        {
            if (!TryEncode(ref encoded, rawQuery, omitted, parameters, out int count))
            {
                return false;
            }

            AppendSorted(ref builder, encoded.Bytes, parameters[..count]);
            return true;
        }
        finally
        {
            encoded.Dispose();
            if (rented is not null)
            {
                ArrayPool<Parameter>.Shared.Return(rented);
            }
        }
    }

    private static bool TryEncode(
        ref ByteBuilder encoded,
        scoped ReadOnlySpan<char> rawQuery,
        scoped ReadOnlySpan<char> omitted,
        Span<Parameter> parameters,
        out int count)
    {
        count = 0;
        foreach (Range range in rawQuery.Split('&'))
        {
            ReadOnlySpan<char> pair = rawQuery[range];
            int equals = pair.IndexOf('=');
            ReadOnlySpan<char> name = equals < 0 ? pair : pair[..equals];
            if (pair.IsEmpty || (!omitted.IsEmpty && name.SequenceEqual(omitted)))
            {
                continue;
            }

            int start = encoded.Length;
            if (!CanonicalTarget.TryAppend(ref encoded, name, isQuery: true))
            {
                return false;
            }

            int middle = encoded.Length;
            if (equals >= 0 && !CanonicalTarget.TryAppend(ref encoded, pair[(equals + 1)..], isQuery: true))
            {
                return false;
            }

            parameters[count++] = new Parameter(start, middle, encoded.Length);
        }

        return true;
    }

    private static void AppendSorted(
        ref ByteBuilder builder, scoped ReadOnlySpan<byte> encoded, scoped Span<Parameter> parameters)
    {
        if (parameters.Length <= FewParameters)
        {
            SortFew(encoded, parameters);
        }
        else
        {
            // A client that sends so many pays for the copy; the quadratic sort would be an invitation.
            byte[] copy = encoded.ToArray();
            parameters.Sort((left, right) => Compare(copy, left, right));
        }

        for (int index = 0; index < parameters.Length; index++)
        {
            Parameter parameter = parameters[index];
            if (index > 0)
            {
                builder.Append((byte)'&');
            }

            builder.Append(encoded[parameter.Start..parameter.Middle]);
            builder.Append((byte)'=');
            builder.Append(encoded[parameter.Middle..parameter.End]);
        }
    }

    private static void SortFew(ReadOnlySpan<byte> encoded, Span<Parameter> parameters)
    {
        for (int index = 1; index < parameters.Length; index++)
        {
            for (int at = index; at > 0 && Compare(encoded, parameters[at - 1], parameters[at]) > 0; at--)
            {
                (parameters[at - 1], parameters[at]) = (parameters[at], parameters[at - 1]);
            }
        }
    }

    private static int Compare(ReadOnlySpan<byte> encoded, Parameter left, Parameter right)
    {
        int byName = encoded[left.Start..left.Middle].SequenceCompareTo(encoded[right.Start..right.Middle]);
        return byName != 0
            ? byName
            : encoded[left.Middle..left.End].SequenceCompareTo(encoded[right.Middle..right.End]);
    }

    /// <summary>Where a parameter's encoded name and value are.</summary>
    private readonly record struct Parameter(int Start, int Middle, int End);
}
