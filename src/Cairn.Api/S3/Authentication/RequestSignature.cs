using Cairn.Primitives.SigV4;
using Cairn.Security.Identities;

namespace Cairn.Api.S3.Authentication;

/// <summary>What authentication found out about a request.</summary>
/// <param name="Identity">Who signed; Anonymous when nobody did.</param>
/// <param name="Mechanism">Where the signature was.</param>
/// <param name="Payload">What the signature says about the body.</param>
/// <param name="Chunks">Verifies the chunks of a body that is signed in chunks; else null.</param>
internal sealed record RequestSignature(
    Identity Identity, SignatureMechanism Mechanism, PayloadClaim Payload, SigV4ChunkChain? Chunks)
{
    public static RequestSignature Anonymous { get; } =
        new(Identity.Anonymous, SignatureMechanism.None, default, null);

    /// <summary>Parameters of the query stand for headers, and are signed like them.</summary>
    public bool IsInQuery => Mechanism is SignatureMechanism.QueryV4 or SignatureMechanism.QueryV2;
}
