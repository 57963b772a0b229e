using System.Globalization;
using Cairn.Api.S3.Errors;

namespace Cairn.Api.S3.Multipart;

/// <summary>The upload, and the part of it, that a request names.</summary>
internal static class UploadAddress
{
    private const int MaxPartNumber = 10_000;

    /// <summary>Opaque; an empty one is no upload's.</summary>
    public static string IdOf(S3Call call) => call.Query.Find("uploadId") ?? "";

    /// <summary>The error for a part without its upload: taken for a whole object it would replace one.</summary>
    public static S3Error? RefusePartNumber(S3Call call) => call.Query.Has("partNumber")
        ? S3Error.InvalidArgument.Because("A part number needs an upload id.").With("ArgumentName", "partNumber")
        : null;

    public static S3Error? ReadPartNumber(S3Call call, out int number)
    {
        string? text = call.Query.Find("partNumber");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number is >= 1 and <= MaxPartNumber
                ? null
                : S3Error.InvalidArgument
                    .Because("Part number must be an integer between 1 and 10000, inclusive")
                    .With("ArgumentName", "partNumber")
                    .With("ArgumentValue", text ?? "");
    }
}
