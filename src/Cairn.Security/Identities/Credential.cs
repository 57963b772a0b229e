namespace Cairn.Security.Identities;

/// <summary>An access key and its secret.</summary>
/// <param name="AccessKey">Names the credential; not secret.</param>
/// <param name="SecretKey">Signs requests; never printed.</param>
/// <param name="SessionToken">What a request must carry besides its signature; null for a long-lived key.</param>
public sealed record Credential(string AccessKey, string SecretKey, string? SessionToken = null)
{
    /// <summary>Without the secret, so that neither a log nor an exception can leak it.</summary>
    public override string ToString() => $"Credential {AccessKey}";
}
