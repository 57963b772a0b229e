using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Routing;
using Cairn.Primitives.SigV4;
using Cairn.Security.Identities;
using Microsoft.Extensions.Primitives;

namespace Cairn.Api.S3.Authentication;

/// <summary>Verifies version 2 signatures, in the Authorization header and in the query.</summary>
/// <remarks>
/// Every x-amz-* header, and in a presigned link every x-amz-* parameter, is part of the signed text.
/// </remarks>
internal sealed class SigV2Verifier(CredentialDirectory directory, SignatureClock clock)
{
    /// <summary>Verifies "AWS key:signature".</summary>
    public S3Error? VerifyHeader(S3Call call, string authorization, out RequestSignature signature)
    {
        signature = RequestSignature.Anonymous;
        ReadOnlySpan<char> pair = authorization.AsSpan("AWS ".Length).Trim(' ');
        int colon = pair.LastIndexOf(':');
        if (colon <= 0)
        {
            return S3Error.InvalidArgument
                .Because("AWS authorization header is invalid. Expected AwsAccessKeyId:signature")
                .With("ArgumentName", "Authorization");
        }

        string date = call.Request.Headers.Date.ToString();
        string amzDate = call.Request.Headers["x-amz-date"].ToString();
        if (!HttpDate.TryParse(amzDate.Length > 0 ? amzDate : date, out DateTimeOffset time))
        {
            return S3Error.AccessDenied.Because(
                "AWS authentication requires a valid Date or x-amz-date header");
        }

        // A date in x-amz-date is signed as that header, and its own place stays empty.
        return clock.CheckSkew(time) ?? Verify(
            call,
            pair[..colon].ToString(),
            pair[(colon + 1)..],
            (amzDate.Length > 0 ? "" : date, SignatureMechanism.HeaderV2),
            out signature);
    }

    /// <summary>Verifies a presigned link.</summary>
    public S3Error? VerifyQuery(S3Call call, out RequestSignature signature)
    {
        signature = RequestSignature.Anonymous;
        string? accessKey = call.Query.Find("AWSAccessKeyId");
        string? claimed = call.Query.Find("Signature");
        string? expires = call.Query.Find("Expires");
        if (accessKey is null || claimed is null || expires is null)
        {
            return S3Error.AccessDenied.Because(
                "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters");
        }

        if (!long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return S3Error.AccessDenied.Because("Invalid date (should be seconds since epoch): " + expires);
        }

        DateTimeOffset until = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return clock.CheckLifetime(DateTimeOffset.MinValue, until)
            ?? Verify(call, accessKey, claimed, (expires, SignatureMechanism.QueryV2), out signature);
    }

    private S3Error? Verify(
        S3Call call,
        string accessKey,
        ReadOnlySpan<char> claimed,
        (string Date, SignatureMechanism Mechanism) form,
        out RequestSignature signature)
    {
        signature = RequestSignature.Anonymous;
        bool isKnown = directory.TryFind(accessKey, out Credential? credential, out Identity? identity);
        credential ??= CredentialDirectory.Nobody;
        S3Error? error = Compare(call, credential, claimed, form, call.Target.Path);
        if (error is not null && IsBucketWithoutSlash(call))
        {
            // boto3 signs "/bucket/" and asks for "/bucket": AWS takes the two for one resource.
            error = Compare(call, credential, claimed, form, $"{call.Target.Path}/") is null ? null : error;
        }

        // Never by the signature alone: the secret that stands in for an unknown key is no secret.
        if (!isKnown)
        {
            return S3Error.InvalidAccessKeyId.With("AWSAccessKeyId", accessKey);
        }

        if (error is not null)
        {
            return error.With("AWSAccessKeyId", accessKey);
        }

        return SessionToken.Check(call, credential, form.Mechanism)
            ?? ReadPayload(call, identity!, form.Mechanism, out signature);
    }

    private static bool IsBucketWithoutSlash(S3Call call) =>
        call.Address.Level == ResourceLevel.Bucket && !call.Address.IsVirtualHost && !call.Target.Path.EndsWith('/');

    private static S3Error? Compare(
        S3Call call,
        Credential credential,
        ReadOnlySpan<char> claimed,
        (string Date, SignatureMechanism Mechanism) form,
        ReadOnlySpan<char> path)
    {
        var text = new SigV2StringToSign(stackalloc byte[512]);
        try
        {
            bool isQuery = form.Mechanism == SignatureMechanism.QueryV2;
            text.AppendStart(
                call.Request.Method,
                Positional(call, "content-md5", isQuery),
                Positional(call, "content-type", isQuery),
                form.Date);
            AppendAmzHeaders(ref text, call, isQuery);
            if (!text.TryAppendResource(call.Address.IsVirtualHost ? call.Address.Bucket : "", path, call.Target.Query))
            {
                return S3Error.InvalidUri;
            }

            return Matches(text.Sign(credential.SecretKey), claimed)
                ? null
                : S3Error.SignatureDoesNotMatch
                    .With("StringToSign", Encoding.UTF8.GetString(text.Bytes))
                    .With("SignatureProvided", claimed.ToString());
        }
        finally
        {
            text.Dispose();
        }
    }

    // Version 2 does not cover the body, but its framing is announced by the same header.
    private static S3Error? ReadPayload(
        S3Call call, Identity identity, SignatureMechanism mechanism, out RequestSignature signature)
    {
        string literal = call.Request.Headers[PayloadClaim.Header].ToString() is { Length: > 0 } header
            ? header
            : PayloadClaim.Unsigned;
        S3Error? error = PayloadClaim.TryParse(literal, out PayloadClaim payload);
        if (error is null && payload.Mode is PayloadMode.SignedChunks or PayloadMode.SignedChunksWithTrailer)
        {
            error = S3Error.InvalidRequest.Because("Signed chunks need a version 4 signature.");
        }

        signature = new RequestSignature(identity, mechanism, payload, null);
        return error;
    }

    private static string Positional(S3Call call, string name, bool isQuery)
    {
        string value = call.Request.Headers[name].ToString();
        return value.Length == 0 && isQuery ? call.Query.FindHeader(name) ?? "" : value;
    }

    private static void AppendAmzHeaders(ref SigV2StringToSign text, S3Call call, bool isQuery)
    {
        var headers = new SortedDictionary<string, StringValues>(StringComparer.Ordinal);
        foreach (KeyValuePair<string, StringValues> header in call.Request.Headers)
        {
            if (header.Key.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase))
            {
                headers[header.Key.ToLowerInvariant()] = header.Value;
            }
        }

        foreach (KeyValuePair<string, string> parameter in isQuery ? call.Query.Parameters : [])
        {
            if (parameter.Key.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase))
            {
                headers.TryAdd(parameter.Key.ToLowerInvariant(), parameter.Value);
            }
        }

        foreach ((string name, StringValues values) in headers)
        {
            text.AppendHeaderName(name);
            for (int index = 0; index < values.Count; index++)
            {
                text.AppendHeaderValue(values[index], isFirst: index == 0);
            }

            text.AppendHeaderEnd();
        }
    }

    private static bool Matches(string expected, ReadOnlySpan<char> claimed) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(claimed.ToString()));
}
