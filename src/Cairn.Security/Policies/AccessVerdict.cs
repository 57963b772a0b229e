namespace Cairn.Security.Policies;

/// <summary>The answer of authorisation; the default refuses.</summary>
public enum AccessVerdict
{
    Denied = 0,
    Allowed,
}
