using Cairn.Objects.Records;
using Cairn.Primitives.Checksums;

namespace Cairn.Objects.Multipart;

/// <summary>Checks a completion against the parts that were uploaded, and builds the version they become.</summary>
internal static class UploadAssembly
{
    /// <summary>Whether the client names its parts in order; known before any of them is looked at.</summary>
    public static bool IsAscending(IReadOnlyList<CompletedPart> parts)
    {
        for (int i = 1; i < parts.Count; i++)
        {
            if (parts[i].Number <= parts[i - 1].Number)
            {
                return false;
            }
        }

        return true;
    }

    /// <param name="upload">The upload.</param>
    /// <param name="held">Its parts, by number.</param>
    /// <param name="request">What the client wants; its parts ascend.</param>
    /// <param name="smallestPart">Bytes that every part but the last must have.</param>
    public static ObjectResult<VersionRecord> Plan(
        HeldUpload upload, List<HeldPart> held, CompleteRequest request, long smallestPart)
    {
        ObjectResult<HeldPart[]> chosen = Choose(held, request.Parts);
        if (!chosen.IsOk)
        {
            return chosen.Error;
        }

        HeldPart[] parts = chosen.Value;
        long size = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            long partSize = parts[i].Record.Piece.Size;
            if (partSize < smallestPart && i < parts.Length - 1)
            {
                return ObjectError.PartTooSmall;
            }

            size += partSize;
        }

        ObjectChecksum? checksum = PartChecksums.Combine(upload.Record, parts);
        if ((request.ExpectedSize is { } expectedSize && expectedSize != size)
            || (request.ExpectedChecksum is { } expected && !PartChecksums.AreEqual(expected, checksum)))
        {
            return ObjectError.CompletionMismatch;
        }

        return new VersionRecord
        {
            Size = size,
            StorageClass = upload.Record.StorageClass,
            ETag = ETagOf(parts),
            Checksum = checksum,
            Pieces = Array.ConvertAll(parts, part => part.Record.Piece),
            Metadata = upload.Record.Metadata,
            Tags = upload.Record.Tags,
            Upload = upload.Start,
            Parts = Array.ConvertAll(parts, part => new PartEntry(
                part.Number, part.Record.ETag, part.Record.Checksum, part.Birth.Time.ToUnixTimeMilliseconds())),
        };
    }

    private static ObjectResult<HeldPart[]> Choose(List<HeldPart> held, IReadOnlyList<CompletedPart> wanted)
    {
        HeldPart[] parts = new HeldPart[wanted.Count];
        int next = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            CompletedPart named = wanted[i];
            while (next < held.Count && held[next].Number < named.Number)
            {
                next++;
            }

            if (next == held.Count
                || held[next].Number != named.Number
                || !held[next].Record.ETag.Matches(named.ETag)
                || (named.Checksum is not null && !IsSame(named.Checksum, held[next].Record.Checksum)))
            {
                return ObjectError.InvalidPart;
            }

            parts[i] = held[next];
        }

        return parts;
    }

    private static bool IsSame(ObjectChecksum named, ObjectChecksum? held) =>
        held is not null && named.Algorithm == held.Algorithm && named.Value.Span.SequenceEqual(held.Value.Span);

    private static ETag ETagOf(HeldPart[] parts)
    {
        byte[] md5s = new byte[parts.Length * ETag.Md5Size];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i].Record.ETag.WriteMd5(md5s.AsSpan(i * ETag.Md5Size));
        }

        Span<byte> md5 = stackalloc byte[ETag.Md5Size];
        Md5.HashData(md5s, md5);
        return ETag.Of(md5, parts.Length);
    }
}
