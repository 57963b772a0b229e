using Cairn.Api.S3.Errors;
using Cairn.Primitives.SigV4;
using Cairn.Security.Identities;

namespace Cairn.Api.S3.Authentication;

/// <summary>The one place where a request's signature is verified, before any operation sees it.</summary>
/// <remarks>Concurrency: any thread.</remarks>
internal sealed class Authenticator(S3Options options, CredentialDirectory directory, TimeProvider time)
{
    private readonly SigV4Verifier _v4 = new(options.Region, directory, new SignatureClock(time));
    private readonly SigV2Verifier _v2 = new(directory, new SignatureClock(time));

    /// <summary>Finds out who signed a request; nobody is a valid answer, a wrong signature is not.</summary>
    public S3Error? Authenticate(S3Call call, out RequestSignature signature)
    {
        signature = RequestSignature.Anonymous;
        bool hasHeader = call.Request.Headers.Authorization.Count > 0;
        bool hasV4Query = call.Query.Has("X-Amz-Algorithm") || call.Query.Has("X-Amz-Signature")
            || call.Query.Has("X-Amz-Credential");
        bool hasV2Query = call.Query.Has("AWSAccessKeyId") || call.Query.Has("Signature");
        if ((hasHeader ? 1 : 0) + (hasV4Query ? 1 : 0) + (hasV2Query ? 1 : 0) > 1)
        {
            return S3Error.InvalidArgument
                .Because(
                    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string "
                    + "parameter or the Authorization header should be specified")
                .With("ArgumentName", "Authorization");
        }

        if (hasHeader)
        {
            return AuthenticateHeader(call, call.Request.Headers.Authorization.ToString(), out signature);
        }

        if (hasV4Query)
        {
            string? algorithm = call.Query.Find("X-Amz-Algorithm");
            return algorithm == SigV4Signature.Algorithm
                ? _v4.VerifyQuery(call, out signature)
                : UnsupportedAlgorithm(algorithm);
        }

        if (hasV2Query)
        {
            return options.AllowSignatureV2 ? _v2.VerifyQuery(call, out signature) : SignatureV2IsOff();
        }

        return null;
    }

    private S3Error? AuthenticateHeader(S3Call call, string authorization, out RequestSignature signature)
    {
        signature = RequestSignature.Anonymous;
        if (authorization.StartsWith(SigV4Signature.Algorithm + " ", StringComparison.Ordinal))
        {
            return _v4.VerifyHeader(call, authorization, out signature);
        }

        if (authorization.StartsWith("AWS ", StringComparison.Ordinal))
        {
            return options.AllowSignatureV2 ? _v2.VerifyHeader(call, authorization, out signature) : SignatureV2IsOff();
        }

        return authorization.StartsWith("AWS4-ECDSA-P256-SHA256", StringComparison.Ordinal)
            ? S3Error.NotImplemented.Because("Signature version 4A is not implemented.")
            : S3Error.InvalidArgument.Because("Unsupported Authorization Type").With("ArgumentName", "Authorization");
    }

    private static S3Error UnsupportedAlgorithm(string? algorithm) => algorithm == "AWS4-ECDSA-P256-SHA256"
        ? S3Error.NotImplemented.Because("Signature version 4A is not implemented.")
        : S3Error.AuthorizationQueryParametersError.Because("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");

    private static S3Error SignatureV2IsOff() => S3Error.InvalidRequest.Because(
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
}
