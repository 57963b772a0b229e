using Cairn.Security.Identities;

namespace Cairn.Security.Policies;

/// <summary>A question to authorisation: may this identity do this to that?</summary>
/// <param name="Identity">Who asks.</param>
/// <param name="Action">IAM name of the action, such as "s3:GetObject"; empty is never allowed.</param>
/// <param name="Bucket">Empty: the service itself.</param>
/// <param name="Key">Empty: the bucket itself.</param>
public readonly record struct AccessRequest(Identity Identity, string Action, string Bucket, string Key);
