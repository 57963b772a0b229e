using Cairn.Api.S3.Authentication;
using Cairn.Api.S3.Routing;
using Cairn.Objects;
using Cairn.Primitives.Checksums;

namespace Cairn.Api.S3;

/// <summary>What every request needs and none owns.</summary>
internal sealed record S3Services(
    S3Options Options, ObjectStore Store, TimeProvider Time, Authenticator Authenticator, HostStyle Hosts)
{
    /// <summary>All bodies that come in at a time share the lanes of the processor's vector registers.</summary>
    public Md5Combiner Md5 { get; } = new();
}
