using System.Globalization;
using System.Net;

namespace Cairn.Server.Options;

/// <summary>Where to listen: an IP address, or null for all interfaces, and a port (0: any free one).</summary>
internal sealed record ListenAddress(IPAddress? Host, int Port)
{
    public const string Accepted =
        ":port, ipv4:port, [ipv6]:port or localhost:port, with a port from 0 to 65535 (0: any free port)";

    public static bool TryParse(string text, out ListenAddress address)
    {
        address = new ListenAddress(null, 0);
        int colon = text.LastIndexOf(':');
        if (colon < 0
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port > IPEndPoint.MaxPort)
        {
            return false;
        }

        string host = text[..colon];
        if (host.Length == 0)
        {
            address = new ListenAddress(null, port);
            return true;
        }

        if (host == "localhost")
        {
            address = new ListenAddress(IPAddress.Loopback, port);
            return true;
        }

        // An IPv6 address needs its brackets, or the last group would be taken for the port.
        bool isBracketed = host.StartsWith('[') && host.EndsWith(']');
        if (!IPAddress.TryParse(isBracketed ? host[1..^1] : host, out IPAddress? parsed)
            || isBracketed != (parsed.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6))
        {
            return false;
        }

        address = new ListenAddress(parsed, port);
        return true;
    }

    public override string ToString() => Host switch
    {
        null => string.Create(CultureInfo.InvariantCulture, $":{Port}"),
        _ => new IPEndPoint(Host, Port).ToString(),
    };
}
