namespace Cairn.Security.Identities;

/// <summary>Who asks.</summary>
/// <param name="Kind">What rights follow from.</param>
/// <param name="Name">The access key that signed; empty for nobody.</param>
public sealed record Identity(IdentityKind Kind, string Name)
{
    /// <summary>A request without credentials.</summary>
    public static Identity Anonymous { get; } = new(IdentityKind.Anonymous, "");
}
