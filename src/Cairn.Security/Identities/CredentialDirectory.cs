using System.Diagnostics.CodeAnalysis;

namespace Cairn.Security.Identities;

/// <summary>Finds the credential, and whose it is, by access key.</summary>
/// <remarks>
/// Purpose: the one place that authentication asks, whichever signature a request carries. It holds the root
/// credential; users and temporary keys are found here too once they exist.
/// Concurrency: any thread.
/// </remarks>
public sealed class CredentialDirectory(Credential root)
{
    private readonly Identity _root = new(IdentityKind.Root, root.AccessKey);

    /// <summary>
    /// Stands in for the credential of an unknown key, so that refusing it costs as much time as refusing a signature.
    /// </summary>
    public static Credential Nobody { get; } = new("", "no such secret key exists in this directory");

    /// <summary>The credential of an access key. Keys are case-sensitive.</summary>
    public bool TryFind(
        ReadOnlySpan<char> accessKey,
        [NotNullWhen(true)] out Credential? credential,
        [NotNullWhen(true)] out Identity? identity)
    {
        if (accessKey.SequenceEqual(root.AccessKey))
        {
            credential = root;
            identity = _root;
            return true;
        }

        credential = null;
        identity = null;
        return false;
    }
}
