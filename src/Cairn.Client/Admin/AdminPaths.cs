namespace Cairn.Client.Admin;

/// <summary>Where the admin API is; the version is part of the path.</summary>
public static class AdminPaths
{
    /// <summary>What every path begins with, on the port of the S3 API. No bucket can have this name.</summary>
    public const string Root = "/cairn/admin/v1/";

    /// <summary>GET: <see cref="ClusterStatus"/>.</summary>
    public const string Cluster = "cluster";

    /// <summary>POST: the node that is asked leaves, for its supervisor to start it again; <see cref="RestartReceipt"/>.</summary>
    public const string Restart = "restart";
}
