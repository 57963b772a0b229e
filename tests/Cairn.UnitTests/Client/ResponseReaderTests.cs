using System.Net;
using System.Net.Sockets;
using System.Text;
using Cairn.Client.S3;
using Cairn.Client.S3.Wire;
using Xunit;

namespace Cairn.UnitTests.Client;

/// <summary>
/// A socket of the test sends scripted bytes, in pieces, to the reader. What must hold: each answer ends exactly where
/// the next one begins, and what is not HTTP is an exception and never a hang or a wrong answer.
/// </summary>
public sealed class ResponseReaderTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"abc\"\r\n\r\nhello";

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10_000)]
    public async Task Answers_in_any_pieces_follow_each_other(int piece)
    {
        const string Chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
        const string NotFound = "HTTP/1.1 404 Not Found\r\nContent-Length: 8\r\nConnection: close\r\n\r\n<Error/>";
        using Script script = await Script.StartAsync(Ok + Chunked + NotFound, piece);
        ResponseReader reader = script.Reader;

        reader.Read(isHead: false, new Expectation { Content = "hello"u8, WantsTag = true });
        Assert.Equal((200, 5L, "\"abc\""), (reader.Status, reader.BodyLength, reader.ETag));
        Assert.Equal((true, false), (reader.IsAsExpected, reader.IsClosing));
        reader.Read(isHead: false, new Expectation { IsKept = true });
        Assert.Equal("hello", Encoding.ASCII.GetString(reader.Kept));
        reader.Read(isHead: false, default);
        Assert.Equal((404, true), (reader.Status, reader.IsClosing));
        Assert.Equal("<Error/>", Encoding.ASCII.GetString(reader.Kept));
    }

    [Theory]
    [InlineData("hellO")]
    [InlineData("hell")]
    [InlineData("hello!")]
    public async Task Content_that_differs_is_noticed(string expected)
    {
        using Script script = await Script.StartAsync(Ok, piece: 3);
        script.Reader.Read(isHead: false, new Expectation { Content = Encoding.ASCII.GetBytes(expected) });
        Assert.False(script.Reader.IsAsExpected);
    }

    [Fact]
    public async Task Answers_without_a_body_leave_the_next_one_alone()
    {
        const string Head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
        const string NoContent = "HTTP/1.1 204 No Content\r\n\r\n";
        const string Continue = "HTTP/1.1 100 Continue\r\n\r\n";
        using Script script = await Script.StartAsync(Head + NoContent + Continue + Ok, piece: 10_000);
        script.Reader.Read(isHead: true, default);
        script.Reader.Read(isHead: false, default);
        Assert.Equal(204, script.Reader.Status);
        script.Reader.Read(isHead: false, default);
        Assert.Equal((200, 5L), (script.Reader.Status, script.Reader.BodyLength));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", typeof(EndOfStreamException))]
    [InlineData("HTTP/1.1 200 OK\r\n", typeof(EndOfStreamException))]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n", typeof(InvalidDataException))]
    [InlineData("HTTP/1.1 OK\r\n\r\n", typeof(InvalidDataException))]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n", typeof(InvalidDataException))]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n", typeof(InvalidDataException))]
    public async Task What_is_not_a_whole_answer_is_an_exception(string bytes, Type expected)
    {
        using Script script = await Script.StartAsync(bytes, piece: 10_000);
        Assert.IsType(expected, Record.Exception(() => script.Reader.Read(isHead: false, default)));
    }

    [Fact]
    public async Task Headers_without_an_end_are_given_up()
    {
        using Script script = await Script.StartAsync("HTTP/1.1 200 OK\r\nx: " + new string('x', 200_000), piece: 10_000);
        Assert.IsType<InvalidDataException>(Record.Exception(() => script.Reader.Read(isHead: false, default)));
    }

    private sealed class Script : IDisposable
    {
        private readonly WireConnection _connection;

        private Script(WireConnection connection)
        {
            _connection = connection;
            Reader.Attach(connection);
        }

        public ResponseReader Reader { get; } = new();

        public static async Task<Script> StartAsync(string bytes, int piece)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var options = new S3ClientOptions
            {
                Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"),
                AccessKey = "",
                SecretKey = "",
            };
            WireConnection connection = WireConnection.Open(options, "bucket", TimeSpan.FromSeconds(20));
            Socket server = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
            server.NoDelay = true;
            _ = Task.Run(() => Send(server, Encoding.ASCII.GetBytes(bytes), piece));
            return new Script(connection);
        }

        public void Dispose() => _connection.Dispose();

        private static void Send(Socket server, byte[] bytes, int piece)
        {
            using (server)
            {
                for (int at = 0; at < bytes.Length; at += piece)
                {
                    server.Send(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at)));
                }
            }
        }
    }
}
