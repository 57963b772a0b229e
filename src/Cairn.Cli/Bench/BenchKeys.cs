using System.Globalization;
using System.Text;

namespace Cairn.Cli.Bench;

/// <summary>Names objects by number.</summary>
internal sealed class BenchKeys(string prefix, int folders)
{
    private readonly byte[] _prefix = Encoding.ASCII.GetBytes(prefix);

    /// <summary>Writes <c>prefix</c>folder/number in ASCII.</summary>
    /// <returns>Bytes written.</returns>
    public int Write(long number, Span<byte> destination)
    {
        _prefix.CopyTo(destination);
        int length = _prefix.Length;
        (number % folders).TryFormat(destination[length..], out int written, "D4", CultureInfo.InvariantCulture);
        length += written;
        destination[length++] = (byte)'/';
        number.TryFormat(destination[length..], out written, "D10", CultureInfo.InvariantCulture);
        return length + written;
    }
}
