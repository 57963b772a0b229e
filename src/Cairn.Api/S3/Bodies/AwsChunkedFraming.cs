using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Cairn.Api.S3.Errors;
using Cairn.Primitives.SigV4;

namespace Cairn.Api.S3.Bodies;

/// <summary>aws-chunked: chunks with their size, perhaps their signature, and a trailer behind the empty one.</summary>
/// <remarks>
/// Purpose: lets a client sign, or sum, what it does not know in advance.
/// Invariants: a chunk's payload may be handed on before its signature is known; the body only ends well after every
/// signature held, and nobody keeps a body that did not end well. Nothing is buffered by chunk: a chunk may be as
/// large as the object.
/// Concurrency: one reader.
/// See: AWS, "Signature calculations for the Authorization header: transferring payload in multiple chunks".
/// </remarks>
internal sealed class AwsChunkedFraming : IBodyFraming, IDisposable
{
    /// <summary>A chunk header holds a number and a signature; a trailer a name and a short value.</summary>
    private const int MaxLine = 2048;

    /// <summary>Bounds the search for a trailer's signature.</summary>
    private const int MaxEmptyLines = 4;

    private const string SignatureExtension = "chunk-signature=";
    private const string TrailerSignature = "x-amz-trailer-signature";

    private readonly BodyPipe _pipe;
    private readonly SigV4ChunkChain? _chain;
    private readonly bool _hasTrailer;
    private readonly string? _declaredTrailer;
    private readonly byte[] _claimed = new byte[SigV4Signature.HexLength];
    private string? _trailerValue;
    private State _state;
    private long _chunkSize;
    private long _remaining;
    private IncrementalHash? _chunkHash;
    private bool _isTrailerSigned;
    private int _emptyLines;

    /// <param name="pipe">The body.</param>
    /// <param name="chain">Verifies the chunks; null when they are not signed.</param>
    /// <param name="hasTrailer">Whether the empty chunk is followed by headers.</param>
    /// <param name="declaredTrailer">The one that is announced, in lower case; null: none.</param>
    public AwsChunkedFraming(BodyPipe pipe, SigV4ChunkChain? chain, bool hasTrailer, string? declaredTrailer)
    {
        _declaredTrailer = declaredTrailer;
        _pipe = pipe;
        _chain = chain;
        _hasTrailer = hasTrailer;
    }

    private enum State
    {
        Header,
        Payload,
        PayloadEnd,
        Trailer,
        Done,
    }

    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (_state != State.Done)
        {
            ReadResult result = await _pipe.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> unread = result.Buffer;
            long offered = unread.Length;
            int written = Take(ref unread, destination.Span);
            if (written > 0 || _state == State.Done)
            {
                _pipe.AdvanceTo(unread.Start, offered - unread.Length);
                return written;
            }

            _pipe.AdvanceTo(unread.Start, unread.End);
            if (result.IsCompleted)
            {
                EndEarly(unread);
            }
        }

        return 0;
    }

    /// <summary>Reads what must be nothing, behind the end of the framing.</summary>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        ReadResult result = await _pipe.ReadAsync(cancellationToken);
        if (result.Buffer.Length > 0)
        {
            throw new S3Exception(S3Error.IncompleteBody.Because("The body goes on behind its last chunk."));
        }

        _pipe.AdvanceTo(result.Buffer.End, 0);
    }

    public string? FindTrailer(string name) => name == _declaredTrailer ? _trailerValue : null;

    public void Dispose() => _chunkHash?.Dispose();

    // Goes on until payload was copied, the body ended, or more bytes are needed.
    private int Take(ref ReadOnlySequence<byte> unread, Span<byte> destination)
    {
        while (true)
        {
            switch (_state)
            {
                case State.Header when TryReadLine(ref unread, out string header):
                    BeginChunk(header);
                    break;
                case State.Payload when !unread.IsEmpty:
                    return TakePayload(ref unread, destination);
                case State.PayloadEnd when TryReadLine(ref unread, out string end):
                    Require(end.Length == 0, S3Error.InvalidChunk);
                    _state = State.Header;
                    break;
                case State.Trailer when TryReadLine(ref unread, out string line):
                    TakeTrailer(line);
                    break;
                default:
                    return 0;
            }

            if (_state == State.Done)
            {
                return 0;
            }
        }
    }

    private void BeginChunk(string header)
    {
        int semicolon = header.IndexOf(';', StringComparison.Ordinal);
        ReadOnlySpan<char> size = (semicolon < 0 ? header : header.AsSpan(0, semicolon)).TrimEnd(' ');
        Require(
            size.Length is > 0 and <= 15
                && long.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _chunkSize),
            S3Error.InvalidChunk);
        if (_chain is not null)
        {
            int signature = header.IndexOf(SignatureExtension, StringComparison.Ordinal);
            ReadOnlySpan<char> claimed = signature < 0 ? "" : header.AsSpan(signature + SignatureExtension.Length);
            Require(
                claimed.Length == _claimed.Length
                    && Ascii.FromUtf16(claimed, _claimed, out _) == OperationStatus.Done,
                S3Error.InvalidChunk);
        }

        _remaining = _chunkSize;
        if (_chunkSize > 0)
        {
            _state = State.Payload;
            return;
        }

        VerifyChunk(SHA256.HashData([]));
        _state = State.Trailer;
    }

    private int TakePayload(ref ReadOnlySequence<byte> unread, Span<byte> destination)
    {
        int size = (int)Math.Min(Math.Min(unread.Length, destination.Length), _remaining);
        unread.Slice(0, size).CopyTo(destination);
        unread = unread.Slice(size);
        HashPayload(destination[..size]);
        _remaining -= size;
        if (_remaining == 0)
        {
            _state = State.PayloadEnd;
        }

        return size;
    }

    private void HashPayload(ReadOnlySpan<byte> payload)
    {
        if (_chain is null)
        {
            return;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (payload.Length == _chunkSize)
        {
            SHA256.HashData(payload, hash);
            VerifyChunk(hash);
            return;
        }

        _chunkHash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _chunkHash.AppendData(payload);
        if (payload.Length == _remaining)
        {
            _chunkHash.GetHashAndReset(hash);
            VerifyChunk(hash);
        }
    }

    private void VerifyChunk(ReadOnlySpan<byte> hash) =>
        Require(_chain is null || _chain.VerifyChunk(hash, _claimed), S3Error.SignatureDoesNotMatch);

    private void TakeTrailer(string line)
    {
        if (line.Length == 0)
        {
            // The signature of a trailer follows an empty line in AWS's own example, and none elsewhere.
            if (!_hasTrailer || _chain is null || _isTrailerSigned)
            {
                End();
            }
            else
            {
                Require(++_emptyLines < MaxEmptyLines, S3Error.MalformedTrailer);
            }

            return;
        }

        int colon = line.IndexOf(':', StringComparison.Ordinal);
        Require(_hasTrailer && colon > 0, S3Error.MalformedTrailer);
        string name = line[..colon].Trim(' ').ToLowerInvariant();
        string value = line[(colon + 1)..].Trim(' ');
        if (name == TrailerSignature)
        {
            VerifyTrailer(value);
            return;
        }

        Require(
            name == _declaredTrailer && !_isTrailerSigned && _trailerValue is null, S3Error.MalformedTrailer);
        _trailerValue = value;
    }

    private void VerifyTrailer(string claimed)
    {
        string text = _trailerValue is null ? "" : $"{_declaredTrailer}:{_trailerValue}\n";
        byte[] hash = SHA256.HashData(Encoding.Latin1.GetBytes(text));
        Require(
            _chain is null || _chain.VerifyTrailer(hash, Encoding.UTF8.GetBytes(claimed)),
            S3Error.SignatureDoesNotMatch);
        _isTrailerSigned = true;
    }

    private void End()
    {
        Require(!_hasTrailer || _chain is null || _isTrailerSigned, S3Error.MalformedTrailer);
        _state = State.Done;
    }

    // Some clients leave the last empty line away; everything else that ends here was cut off.
    private void EndEarly(in ReadOnlySequence<byte> unread)
    {
        Require(_state == State.Trailer && unread.IsEmpty, S3Error.IncompleteBody);
        End();
    }

    private static bool TryReadLine(ref ReadOnlySequence<byte> unread, out string line)
    {
        var reader = new SequenceReader<byte>(unread);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> bytes, (byte)'\n'))
        {
            Require(unread.Length <= MaxLine, S3Error.InvalidChunk);
            line = "";
            return false;
        }

        Require(bytes.Length <= MaxLine, S3Error.InvalidChunk);
        unread = unread.Slice(reader.Position);
        line = Encoding.Latin1.GetString(bytes).TrimEnd('\r');
        return true;
    }

    private static void Require(bool holds, S3Error error)
    {
        if (!holds)
        {
            throw new S3Exception(error);
        }
    }
}
