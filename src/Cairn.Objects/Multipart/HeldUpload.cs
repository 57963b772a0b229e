using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Records;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Multipart;

/// <summary>An upload as its register has it, and the names that belong to it.</summary>
internal sealed record HeldUpload(
    BucketId Bucket, string Key, string UploadId, Ballot Start, RegisterValue Value, UploadRecord Record)
{
    public RegisterKey Register => RegisterNames.OfUpload(Bucket, Key, UploadId);

    public RegisterKey Object => RegisterNames.OfObject(Bucket, Key);
}
