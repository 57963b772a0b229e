using System.Net.Sockets;
using System.Text;
using Cairn.Client.S3.Wire;

namespace Cairn.Cli.Bench;

/// <summary>Sends single operations over one connection and checks their answers.</summary>
/// <remarks>
/// Failure: an operation answers false and leaves its reason; a broken connection is opened again at the next one.
/// Concurrency: one thread.
/// </remarks>
internal sealed class BenchClient(BenchPlan plan, BenchPayload payload) : IDisposable
{
    // The largest write that loopback and common network cards take in one go.
    private const int JoinedBytes = 64 * 1024;

    private readonly RequestWriter _writer = new(plan.Target, plan.Bucket);
    private readonly ResponseReader _reader = new();
    private readonly BenchKeys _keys = new(plan.Prefix, plan.Folders);
    private readonly byte[] _keyRoot = Encoding.ASCII.GetBytes(plan.KeyRoot);
    private readonly byte[] _bucketPath = Encoding.ASCII.GetBytes(plan.BucketPath);
    private readonly byte[] _path = new byte[2 * 1024];
    private readonly byte[] _small = new byte[JoinedBytes];
    private WireConnection? _connection;

    /// <summary>Why the last operation failed.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Where the listing goes on; empty at its beginning and end.</summary>
    public string ContinuationToken { get; private set; } = "";

    /// <summary>Content bytes of the last operation.</summary>
    public long Bytes { get; private set; }

    /// <summary>Keys and folders of the last listing page.</summary>
    public long Listed { get; private set; }

    public bool Put(long number)
    {
        int size = plan.Sizes.SizeOf(number);
        Bytes = size;
        if (plan.PartSize is { } partSize && size > partSize)
        {
            return PutInParts(number, size, partSize);
        }

        return SendContent(number, 0, size, query: default, wantsTag: false);
    }

    public bool Get(long number)
    {
        int size = plan.Sizes.SizeOf(number);
        Bytes = size;
        ReadOnlySpan<byte> expected = plan.IsContentVerified ? payload.Content(number, size) : default;
        return Exchange("GET"u8, Path(number), query: default, RequestWriter.NoBody, body: default, new Expectation { Content = expected })
            && (_reader.BodyLength == size || Fail($"the object has {_reader.BodyLength} bytes instead of {size}"))
            && (_reader.IsAsExpected || Fail("the object's content is not what was written"));
    }

    public bool Head(long number)
    {
        Bytes = 0;
        return Exchange("HEAD"u8, Path(number), query: default, RequestWriter.NoBody, body: default, default);
    }

    public bool Delete(long number)
    {
        Bytes = 0;
        return Exchange("DELETE"u8, Path(number), query: default, RequestWriter.NoBody, body: default, default);
    }

    /// <summary>Reads one page of the listing, and begins again behind the last one.</summary>
    public bool List()
    {
        Bytes = 0;
        byte[] query = ListingQuery.Build(plan.Prefix, plan.IsListingByFolder ? "/" : "", ContinuationToken);
        ContinuationToken = "";
        if (!Exchange("GET"u8, _bucketPath, query, RequestWriter.NoBody, body: default, new Expectation { IsKept = true }))
        {
            return false;
        }

        Listed = ListingQuery.Count(_reader.Kept);
        ContinuationToken = ListingQuery.ReadToken(_reader.Kept);
        return Listed > 0 || Fail("the listing page is empty");
    }

    public void Dispose() => _connection?.Dispose();

    private bool PutInParts(long number, int size, int partSize)
    {
        if (!Exchange("POST"u8, Path(number), "uploads="u8, RequestWriter.NoBody, body: default, new Expectation { IsKept = true }))
        {
            return false;
        }

        string id = MultipartXml.ReadUploadId(_reader.Kept);
        if (id.Length == 0)
        {
            return Fail("the answer to CreateMultipartUpload has no UploadId");
        }

        var tags = new List<string>();
        for (int offset = 0; offset < size; offset += partSize)
        {
            int length = Math.Min(partSize, size - offset);
            byte[] part = MultipartXml.PartQuery(tags.Count + 1, id);
            if (!SendContent(number, offset, length, part, wantsTag: true))
            {
                return false;
            }

            tags.Add(_reader.ETag);
        }

        byte[] body = MultipartXml.Completion(tags);
        byte[] byUpload = MultipartXml.UploadQuery(id);
        return Exchange("POST"u8, Path(number), byUpload, MultipartXml.Hash(body), body, new Expectation { IsKept = true })
            && (!_reader.Kept.StartsWith("<Error"u8) || Fail(Describe()));
    }

    private bool SendContent(long number, int offset, int length, ReadOnlySpan<byte> query, bool wantsTag)
    {
        ReadOnlySpan<byte> hash = plan.IsPayloadSigned ? payload.Hash(number, offset, length) : RequestWriter.UnsignedBody;
        ReadOnlySpan<byte> content = payload.Content(number, offset + length)[offset..];
        return Exchange("PUT"u8, Path(number), query, hash, content, new Expectation { WantsTag = wantsTag });
    }

    private bool Exchange(
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> path,
        ReadOnlySpan<byte> query,
        ReadOnlySpan<byte> bodyHash,
        ReadOnlySpan<byte> body,
        Expectation expectation)
    {
        try
        {
            if (_connection is null)
            {
                _connection = WireConnection.Open(plan.Target, plan.Bucket, BenchLimits.ResponseTimeout);
                _reader.Attach(_connection);
            }

            Send(_connection, _writer.Write(method, path, query, bodyHash, body.Length), body);
            _reader.Read(isHead: method[0] == (byte)'H', expectation);
            if (_reader.IsClosing)
            {
                Disconnect();
            }

            return _reader.Status is >= 200 and < 300 || Fail(Describe());
        }
        catch (Exception failure) when (failure is IOException or SocketException or InvalidDataException)
        {
            Disconnect();
            return Fail(failure.Message);
        }
    }

    // A small body travels with its head: one system call, one segment.
    private void Send(WireConnection connection, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            connection.Send(head);
            return;
        }

        int joined = Math.Min(body.Length, _small.Length - head.Length);
        head.CopyTo(_small);
        body[..joined].CopyTo(_small.AsSpan(head.Length));
        connection.Send(_small.AsSpan(0, head.Length + joined));
        connection.Send(body[joined..]);
    }

    private ReadOnlySpan<byte> Path(long number)
    {
        _keyRoot.CopyTo(_path.AsSpan());
        return _path.AsSpan(0, _keyRoot.Length + _keys.Write(number, _path.AsSpan(_keyRoot.Length)));
    }

    private void Disconnect()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private bool Fail(string reason)
    {
        Reason = reason;
        return false;
    }

    private string Describe() => $"status {_reader.Status} {Encoding.UTF8.GetString(_reader.Kept)}".TrimEnd();
}
