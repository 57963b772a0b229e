using System.Globalization;
using Cairn.Api.S3.Conditions;
using Cairn.Api.S3.Errors;
using Cairn.Objects;
using Cairn.Objects.Versions;
using Microsoft.AspNetCore.Http;

namespace Cairn.Api.S3.Objects;

/// <summary>What GET and HEAD share: conditions, ranges, parts, and all headers of the answer.</summary>
internal static class ObjectReading
{
    private const int MaxPartNumber = 10_000;

    /// <summary>Decides what of a version to send, and sets status and headers for it.</summary>
    /// <param name="call">The request.</param>
    /// <param name="description">The version.</param>
    /// <param name="parts">Its parts; may be empty when no part is asked for.</param>
    /// <param name="range">The bytes to send.</param>
    public static S3Error? Prepare(
        S3Call call, ObjectDescription description, IReadOnlyList<ObjectPart> parts, out ByteRange range)
    {
        range = new ByteRange(0, description.Size);
        if (ReadConditions.Read(call, isCopySource: false).Evaluate(description) is { } failed)
        {
            if (failed == S3Error.NotModified)
            {
                WriteNotModified(call, description);
            }

            return failed;
        }

        ObjectPart? part = null;
        ByteRange? selected = null;
        S3Error? error = UnsupportedHeaders.CheckRead(call)
            ?? SelectRange(call, description, parts, out selected, out part);
        if (error is not null)
        {
            return error;
        }

        HttpResponse response = call.Response;
        ObjectHeaders.Write(response, description);
        if (ObjectHeaders.ApplyOverrides(call) is { } overrideError)
        {
            call.ResetResponse();
            return overrideError;
        }

        range = selected ?? range;
        // Content-Range has no way to say "none of the bytes".
        if (selected is { Length: > 0 } some)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = some.ToHeader(description.Size);
        }

        response.ContentLength = range.Length;
        WriteChecksums(call, description, selected is not null, part);
        return null;
    }

    /// <summary>What the store's refusal means, with the headers that say that a delete marker is the reason.</summary>
    public static S3Error ToError(ObjectError reason, ObjectDescription? marker)
    {
        S3Error error = reason.ToS3();
        if (marker is not { IsDeleteMarker: true })
        {
            return error;
        }

        error = error
            .WithHeader("x-amz-delete-marker", "true")
            .WithHeader("x-amz-version-id", marker.Version.ToString());
        return reason == ObjectError.VersionIsDeleteMarker
            ? error.WithHeader("Last-Modified", HttpDate.Format(marker.LastModified)).WithHeader("Allow", "DELETE")
            : error;
    }

    private static S3Error? SelectRange(
        S3Call call,
        ObjectDescription description,
        IReadOnlyList<ObjectPart> parts,
        out ByteRange? range,
        out ObjectPart? part)
    {
        part = null;
        string? header = ReadConditions.AllowRange(call, description) ? call.Request.Headers.Range : default(string);
        if (call.Query.FindText("partNumber") is not { } text)
        {
            return ByteRange.TryParse(header, description.Size, out range);
        }

        range = null;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || number is < 1 or > MaxPartNumber)
        {
            return S3Error.InvalidArgument
                .Because("Part number must be an integer between 1 and 10000, inclusive")
                .With("ArgumentName", "partNumber")
                .With("ArgumentValue", text);
        }

        if (header is not null)
        {
            return S3Error.InvalidRequest.Because("Cannot specify both Range header and partNumber query parameter");
        }

        return SelectPart(call, description, parts, number, out range, out part);
    }

    // The numbers of a finished object's parts are their places: gaps of the upload are closed.
    private static S3Error? SelectPart(
        S3Call call,
        ObjectDescription description,
        IReadOnlyList<ObjectPart> parts,
        int number,
        out ByteRange? range,
        out ObjectPart? part)
    {
        range = null;
        part = null;
        if (parts.Count == 0)
        {
            range = new ByteRange(0, description.Size);
            return number == 1 ? null : NoSuchPart(number, 1);
        }

        if (number > parts.Count)
        {
            return NoSuchPart(number, parts.Count);
        }

        long offset = 0;
        for (int index = 0; index < number - 1; index++)
        {
            offset += parts[index].Size;
        }

        part = parts[number - 1];
        range = new ByteRange(offset, part.Size);
        call.Response.Headers["x-amz-mp-parts-count"] = parts.Count.ToString(CultureInfo.InvariantCulture);
        return null;
    }

    private static S3Error NoSuchPart(int requested, int count) => S3Error.InvalidPartNumber
        .With("PartNumberRequested", requested.ToString(CultureInfo.InvariantCulture))
        .With("ActualPartCount", count.ToString(CultureInfo.InvariantCulture));

    // A checksum over all bytes says nothing about some of them.
    private static void WriteChecksums(S3Call call, ObjectDescription description, bool isPartial, ObjectPart? part)
    {
        if (!string.Equals(call.Header("x-amz-checksum-mode"), "ENABLED", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        if (part is not null)
        {
            // The part's value, and how the object's is made of such values.
            ObjectHeaders.WriteChecksum(call.Response, part.Checksum, partCount: 0);
            ObjectHeaders.WriteChecksumType(call.Response, part.Checksum is null ? null : description.Checksum);
        }
        else if (!isPartial)
        {
            ObjectHeaders.WriteChecksum(call.Response, description.Checksum, description.PartCount);
        }
    }

    private static void WriteNotModified(S3Call call, ObjectDescription description)
    {
        ObjectHeaders.WriteValidators(call.Response, description);
        foreach ((string name, string value) in description.Metadata)
        {
            if (name is "cache-control" or "expires")
            {
                call.Response.Headers[name] = value;
            }
        }
    }
}
