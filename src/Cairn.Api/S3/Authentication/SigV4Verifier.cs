using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cairn.Api.S3.Errors;
using Cairn.Primitives.SigV4;
using Cairn.Security.Identities;

namespace Cairn.Api.S3.Authentication;

/// <summary>Verifies version 4 signatures, in the Authorization header and in the query.</summary>
/// <remarks>
/// Steps, all of them before the body is touched: (1) the parts of the signature, (2) its time, day and region,
/// (3) the key, (4) the signature over the canonical request, (5) that no x-amz-* header escaped it, (6) the session
/// token. The one path serves every payload mode, so no mode can be the one whose signature nobody looked at.
/// Concurrency: any thread.
/// </remarks>
internal sealed class SigV4Verifier(string region, CredentialDirectory directory, SignatureClock clock)
{
    private const long MaxLifetimeSeconds = 604_800;

    private readonly SigningKeyCache _keys = new();

    /// <summary>Verifies a signature in the Authorization header.</summary>
    public S3Error? VerifyHeader(S3Call call, string authorization, out RequestSignature signature)
    {
        signature = RequestSignature.Anonymous;
        if (!SigV4Claim.TryParseHeader(authorization, out SigV4Claim claim)) // (1)
        {
            return S3Error.AuthorizationHeaderMalformed;
        }

        if (!TryReadTime(call, out string stamp, out DateTimeOffset time)) // (2)
        {
            return S3Error.AccessDenied.Because(
                "AWS authentication requires a valid Date or x-amz-date header");
        }

        S3Error? error = clock.CheckSkew(time)
            ?? CheckScope(call, claim, time, S3Error.AuthorizationHeaderMalformed);
        if (error is not null)
        {
            return error;
        }

        string? payload = call.Request.Headers[PayloadClaim.Header];
        if (payload is null)
        {
            return S3Error.InvalidRequest.Because("Missing required header for this request: x-amz-content-sha256");
        }

        return Verify(call, claim, stamp, (payload, SignatureMechanism.HeaderV4), out signature);
    }

    /// <summary>Verifies a presigned request.</summary>
    public S3Error? VerifyQuery(S3Call call, out RequestSignature signature)
    {
        signature = RequestSignature.Anonymous;
        string? stamp = call.Query.Find("X-Amz-Date");
        string? expires = call.Query.Find("X-Amz-Expires");
        string? credential = call.Query.Find("X-Amz-Credential");
        string? signedHeaders = call.Query.Find("X-Amz-SignedHeaders");
        string? claimed = call.Query.Find("X-Amz-Signature");
        if (stamp is null || expires is null || credential is null || signedHeaders is null || claimed is null) // (1)
        {
            return S3Error.AuthorizationQueryParametersError.Because(
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
                + "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
        }

        var claim = new SigV4Claim { SignedHeaders = signedHeaders, Signature = claimed };
        if (!claim.TryParseCredential(credential))
        {
            return S3Error.AuthorizationQueryParametersError.Because(
                "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "
                + "\"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        }

        if (!SigV4Time.TryParse(stamp, out DateTimeOffset time)) // (2)
        {
            return S3Error.AuthorizationQueryParametersError.Because(
                "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
        }

        if (!long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            || seconds is < 1 or > MaxLifetimeSeconds)
        {
            return S3Error.AuthorizationQueryParametersError.Because(
                "X-Amz-Expires must be a number of seconds from 1 to 604800");
        }

        S3Error? error = clock.CheckLifetime(time, time.AddSeconds(seconds))
            ?? CheckScope(call, claim, time, S3Error.AuthorizationQueryParametersError);
        if (error is not null)
        {
            return error;
        }

        string payload = call.Request.Headers[PayloadClaim.Header].ToString() is { Length: > 0 } header
            ? header
            : call.Query.FindHeader(PayloadClaim.Header) ?? PayloadClaim.Unsigned;
        return Verify(call, claim, stamp, (payload, SignatureMechanism.QueryV4), out signature);
    }

    private S3Error? Verify(
        S3Call call,
        scoped in SigV4Claim claim,
        string stamp,
        (string Literal, SignatureMechanism Mechanism) payload,
        out RequestSignature signature)
    {
        signature = RequestSignature.Anonymous;
        if (PayloadClaim.TryParse(payload.Literal, out PayloadClaim payloadClaim) is { } payloadError)
        {
            return payloadError;
        }

        bool isKnown = directory.TryFind(claim.AccessKey, out Credential? credential, out Identity? identity); // (3)
        string scopeRegion = claim.Region.SequenceEqual(region) ? region : claim.Region.ToString();
        var scope = new SigV4Scope(claim.Day, scopeRegion, "s3");
        ReadOnlyMemory<byte> key = isKnown
            ? _keys.Get(credential!.SecretKey, scope)
            : SigningKeyCache.Derive(CredentialDirectory.Nobody.SecretKey, scope);

        using var headers = new HeaderList(call.Request.Headers);
        S3Error? error = CheckSignature(call, claim, new Signing(key, stamp, scope), headers, payload); // (4)
        if (error is null)
        {
            error = SignedHeaderNames.CheckCoverage(claim.SignedHeaders, headers); // (5)
        }

        if (!isKnown)
        {
            return S3Error.InvalidAccessKeyId.With("AWSAccessKeyId", claim.AccessKey.ToString());
        }

        error ??= SessionToken.Check(call, credential!, payload.Mechanism); // (6)
        if (error is not null)
        {
            return error;
        }

        SigV4ChunkChain? chunks = payloadClaim.Mode is PayloadMode.SignedChunks or PayloadMode.SignedChunksWithTrailer
            ? new SigV4ChunkChain(key, stamp, scope, Encoding.ASCII.GetBytes(claim.Signature.ToString()))
            : null;
        signature = new RequestSignature(identity!, payload.Mechanism, payloadClaim, chunks);
        return null;
    }

    private static S3Error? CheckSignature(
        S3Call call,
        scoped in SigV4Claim claim,
        Signing signing,
        HeaderList headers,
        (string Literal, SignatureMechanism Mechanism) payload)
    {
        var canonical = new CanonicalRequest(stackalloc byte[1024]);
        try
        {
            if (!canonical.TryAppendTarget(
                    call.Request.Method,
                    call.Target.Path,
                    call.Target.Query,
                    payload.Mechanism == SignatureMechanism.QueryV4 ? "X-Amz-Signature" : ""))
            {
                return S3Error.InvalidUri;
            }

            SignedHeaderNames.AppendTo(ref canonical, claim.SignedHeaders, headers);
            canonical.AppendEnd(claim.SignedHeaders, payload.Literal);
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            canonical.WriteHash(hash);
            Span<byte> expected = stackalloc byte[SigV4Signature.HexLength];
            SigV4Signature.Write(signing.Key.Span, signing.Stamp, signing.Scope, hash, expected);
            if (Matches(expected, claim.Signature))
            {
                return null;
            }

            return S3Error.SignatureDoesNotMatch
                .With("AWSAccessKeyId", claim.AccessKey.ToString())
                .With("StringToSign", SigV4Signature.StringToSign(signing.Stamp, signing.Scope, hash))
                .With("SignatureProvided", claim.Signature.ToString())
                .With("CanonicalRequest", Encoding.UTF8.GetString(canonical.Bytes));
        }
        finally
        {
            canonical.Dispose();
        }
    }

    private static bool Matches(ReadOnlySpan<byte> expected, ReadOnlySpan<char> claimed)
    {
        Span<byte> bytes = stackalloc byte[SigV4Signature.HexLength];
        return claimed.Length == bytes.Length
            && Ascii.FromUtf16(claimed, bytes, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(expected, bytes);
    }

    private static bool TryReadTime(S3Call call, out string stamp, out DateTimeOffset time)
    {
        stamp = call.Request.Headers["x-amz-date"].ToString();
        if (stamp.Length > 0)
        {
            return SigV4Time.TryParse(stamp, out time);
        }

        if (!HttpDate.TryParse(call.Request.Headers.Date, out time))
        {
            return false;
        }

        stamp = SigV4Time.Format(time);
        return true;
    }

    // Whoever looks for a bucket's region does not know it yet, and signs for the one that clients assume.
    private S3Error? CheckScope(S3Call call, scoped in SigV4Claim claim, DateTimeOffset time, S3Error malformed)
    {
        if (!claim.Service.SequenceEqual("s3"))
        {
            return malformed.Because("The credential scope is wrong; the service must be \"s3\".");
        }

        if (claim.Day != SigV4Time.DayOf(time))
        {
            return malformed.Because("Invalid credential date. This date is not the same as X-Amz-Date.");
        }

        return claim.Region.SequenceEqual(region) || call.IsRegionDiscovery
            ? null
            : malformed
                .Because($"The authorization is malformed; the region '{claim.Region}' is wrong; expecting '{region}'")
                .With("Region", region);
    }

    private readonly record struct Signing(ReadOnlyMemory<byte> Key, string Stamp, SigV4Scope Scope);
}
