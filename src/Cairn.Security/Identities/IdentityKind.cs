namespace Cairn.Security.Identities;

/// <summary>Kinds of identity; the default is the one without rights.</summary>
public enum IdentityKind
{
    /// <summary>No credentials were presented.</summary>
    Anonymous = 0,

    /// <summary>The owner of the store.</summary>
    Root,
}
