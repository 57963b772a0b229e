using System.Buffers.Binary;
using System.Text;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Objects;

/// <summary>Names of registers; docs/formats/records.md lists them.</summary>
/// <remarks>
/// Invariants: an object key holds no NUL, so a NUL ends it and sorts before every longer key. An upload id has one
/// length and sorts by start. A part number is big endian. So byte order of names is the order of every listing.
/// </remarks>
internal static class RegisterNames
{
    /// <summary>Ends an object key inside a name.</summary>
    public const byte KeyEnd = 0;

    public const int PartNumberSize = sizeof(ushort);

    private const int LongestOnStack = 1280;

    public static RegisterKey OfBucket(string name) =>
        RegisterKey.Of(RegisterSpace.Buckets, default, Encoding.UTF8.GetBytes(name));

    public static RegisterKey OfObject(BucketId bucket, string key)
    {
        int size = Encoding.UTF8.GetByteCount(key);
        Span<byte> name = size <= LongestOnStack ? stackalloc byte[size] : new byte[size];
        Encoding.UTF8.GetBytes(key, name);
        return RegisterKey.Of(RegisterSpace.Objects, bucket, name);
    }

    public static RegisterKey OfUpload(BucketId bucket, string key, string uploadId) =>
        RegisterKey.Of(RegisterSpace.Uploads, bucket, UploadName(key, uploadId));

    public static RegisterKey OfPart(BucketId bucket, string key, string uploadId, int number)
    {
        byte[] upload = UploadName(key, uploadId);
        Span<byte> name = stackalloc byte[upload.Length + PartNumberSize];
        upload.CopyTo(name);
        BinaryPrimitives.WriteUInt16BigEndian(name[upload.Length..], checked((ushort)number));
        return RegisterKey.Of(RegisterSpace.Parts, bucket, name);
    }

    /// <summary>Object key, NUL, upload id: an upload's name, and the prefix of its parts' names.</summary>
    public static byte[] UploadName(string key, string uploadId)
    {
        int size = Encoding.UTF8.GetByteCount(key);
        byte[] name = new byte[size + 1 + uploadId.Length];
        Encoding.UTF8.GetBytes(key, name);
        Encoding.ASCII.GetBytes(uploadId, name.AsSpan(size + 1));
        return name;
    }

    /// <summary>Splits an upload's name.</summary>
    public static (string Key, string UploadId) ParseUpload(ReadOnlySpan<byte> name)
    {
        int end = name.IndexOf(KeyEnd);
        return (Encoding.UTF8.GetString(name[..end]), Encoding.ASCII.GetString(name[(end + 1)..]));
    }

    /// <summary>The number at the end of a part's name.</summary>
    public static int ParsePartNumber(ReadOnlySpan<byte> name) =>
        BinaryPrimitives.ReadUInt16BigEndian(name[^PartNumberSize..]);

    /// <summary>The first name behind all names that start with a prefix; null when there is none.</summary>
    public static byte[]? Behind(ReadOnlySpan<byte> prefix)
    {
        int last = prefix.LastIndexOfAnyExcept(byte.MaxValue);
        if (last < 0)
        {
            return null;
        }

        byte[] behind = prefix[..(last + 1)].ToArray();
        behind[last]++;
        return behind;
    }

    /// <summary>The first name behind one name.</summary>
    public static byte[] After(ReadOnlySpan<byte> name)
    {
        byte[] after = new byte[name.Length + 1];
        name.CopyTo(after);
        return after;
    }
}
