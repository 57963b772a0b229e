using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.BadInput;

/// <summary>Bytes that are no request at all, on the real sockets of the real process.</summary>
public sealed class GarbageTests
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Garbage_is_answered_with_an_error_or_a_closed_connection_and_the_node_goes_on()
    {
        await using ProcessNode node = await ProcessNode.StartNewAsync();
        foreach (byte[] garbage in Garbage())
        {
            using RawConnection connection = await RawConnection.OpenAsync(node);
            await connection.SendAsync(garbage);
            connection.EndSending();
            string answer = await connection.ReadHeadAsync(AnswerLimit);
            Assert.True(
                !answer.StartsWith("HTTP/1.1 2", StringComparison.Ordinal) && !IsFaultOfTheNode(answer),
                $"{Convert.ToHexString(garbage.AsSpan(0, Math.Min(40, garbage.Length)))} was answered with {answer}");
        }

        Assert.True(await node.IsReadyAsync());
        Assert.Equal(0, await node.StopAsync());
    }

    // 505 is the field's own answer to a version of HTTP that nobody speaks (RFC 9110, 15.6.6). Whether the client
    // still reads it or only sees the connection closed is a matter of timing.
    private static bool IsFaultOfTheNode(string answer) =>
        answer.StartsWith("HTTP/1.1 5", StringComparison.Ordinal)
        && !answer.StartsWith("HTTP/1.1 505 ", StringComparison.Ordinal);

    private static IEnumerable<byte[]> Garbage()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            yield return Payload.Create(seed, 1 + (seed * 97));
        }

        string[] requests =
        [
            "\r\n\r\n\r\n",
            "GET\r\n\r\n",
            "GET / HTTP/9.9\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /bucket/%ff%fe HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /bucket/%zz HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET //bucket//.. HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET bucket HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /?\u00ff=\u00fe HTTP/1.1\r\nHost: a\r\n\r\n",
            "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "GET / HTTP/1.1\nHost: a\n\n",
            "GET / HTTP/1.1\r\nHost: a\r\n folded: yes\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: AWS4-HMAC-SHA256 Credential=\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: AWS4-HMAC-SHA256 " + new string('=', 4_000) + "\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: AWS :\r\n\r\n",
            "GET /" + new string('a', 100_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: " + new string('a', 200_000) + "\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n" + string.Concat(Enumerable.Repeat("X: a\r\n", 5_000)) + "\r\n",
        ];
        foreach (string request in requests)
        {
            yield return System.Text.Encoding.Latin1.GetBytes(request);
        }

        // The beginning of a TLS handshake on a plain port.
        yield return [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03];
    }
}
