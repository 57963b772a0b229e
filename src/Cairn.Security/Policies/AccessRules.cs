using Cairn.Security.Identities;

namespace Cairn.Security.Policies;

/// <summary>Decides who may do what.</summary>
/// <remarks>
/// Invariants: pure; refuses what it does not know: an action without a name, an identity of a kind without rights.
/// </remarks>
public static class AccessRules
{
    public static AccessVerdict Evaluate(in AccessRequest request)
    {
        if (string.IsNullOrEmpty(request.Action))
        {
            return AccessVerdict.Denied;
        }

        return request.Identity.Kind == IdentityKind.Root ? AccessVerdict.Allowed : AccessVerdict.Denied;
    }
}
