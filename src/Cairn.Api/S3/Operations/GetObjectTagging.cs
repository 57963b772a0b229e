using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Objects;
using Cairn.Api.S3.Xml;
using Cairn.Objects;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;

namespace Cairn.Api.S3.Operations;

internal static class GetObjectTagging
{
    public static async Task<S3Error?> HandleAsync(S3Call call)
    {
        if (call.ReadVersion(out VersionId? version) is { } versionError)
        {
            return versionError;
        }

        ObjectResult<ObjectDescription> result = await call.Store.DescribeAsync(
            call.Bucket, call.Key, version, call.Cancellation);
        if (!result.IsOk)
        {
            return ObjectReading.ToError(result.Error, result.Value);
        }

        ObjectHeaders.WriteVersion(call.Response, result.Value.Version, result.Value.IsVersioned);
        using var xml = new XmlOutput();
        TagSet.Render(xml, result.Value.Tags);
        await xml.RespondAsync(call);
        return null;
    }
}
