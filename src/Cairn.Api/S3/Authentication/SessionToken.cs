using System.Security.Cryptography;
using System.Text;
using Cairn.Api.S3.Errors;
using Cairn.Security.Identities;

namespace Cairn.Api.S3.Authentication;

/// <summary>The token that temporary credentials carry besides their signature.</summary>
internal static class SessionToken
{
    private const string Header = "x-amz-security-token";

    /// <summary>A temporary key needs its own token; a long-lived one must come without.</summary>
    public static S3Error? Check(S3Call call, Credential credential, SignatureMechanism mechanism)
    {
        string token = call.Request.Headers[Header].ToString();
        if (token.Length == 0 && mechanism is SignatureMechanism.QueryV4 or SignatureMechanism.QueryV2)
        {
            token = call.Query.FindHeader(Header) ?? "";
        }

        byte[] expected = Encoding.UTF8.GetBytes(credential.SessionToken ?? "");
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(token))
            ? null
            : S3Error.InvalidToken;
    }
}
