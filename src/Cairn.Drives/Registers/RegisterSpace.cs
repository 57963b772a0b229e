namespace Cairn.Drives.Registers;

/// <summary>The kinds of registers. The value is the first byte of a register key on disk: never renumber.</summary>
public enum RegisterSpace : byte
{
    /// <summary>Bucket records, named by bucket name, in bucket 0.</summary>
    Buckets = (byte)'b',

    /// <summary>Objects, named by object key.</summary>
    Objects = (byte)'o',

    /// <summary>Parts of multipart uploads, named by object key, NUL, upload id, part number.</summary>
    Parts = (byte)'p',

    /// <summary>Multipart uploads, named by object key, NUL, upload id.</summary>
    Uploads = (byte)'u',
}
