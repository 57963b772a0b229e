using Cairn.Api.S3.Authentication;
using Cairn.Api.S3.Routing;
using Cairn.Objects;

namespace Cairn.Api.S3;

/// <summary>What every request needs and none owns.</summary>
internal sealed record S3Services(
    S3Options Options, ObjectStore Store, TimeProvider Time, Authenticator Authenticator, HostStyle Hosts);
