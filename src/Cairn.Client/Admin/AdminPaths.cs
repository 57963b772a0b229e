namespace Cairn.Client.Admin;

/// <summary>Where the admin API is; the version is part of the path.</summary>
public static class AdminPaths
{
    /// <summary>What every path begins with, on the port of the S3 API. No bucket can have this name.</summary>
    public const string Root = "/cairn/admin/v1/";

    /// <summary>GET: <see cref="ClusterStatus"/>.</summary>
    public const string Cluster = "cluster";

    /// <summary>GET: <see cref="LayoutReport"/>.</summary>
    public const string Layout = "layout";

    /// <summary>POST of a <see cref="LayoutChangeRequest"/>: <see cref="LayoutPlanReport"/>; changes nothing.</summary>
    public const string LayoutPlan = "layout/plan";

    /// <summary>POST of a <see cref="LayoutChangeRequest"/>: <see cref="LayoutPlanReport"/>, which is being carried out.</summary>
    public const string LayoutApply = "layout/apply";

    /// <summary>POST: no more moves are begun; <see cref="LayoutReport"/>.</summary>
    public const string LayoutStop = "layout/stop";

    /// <summary>POST: moves go on; <see cref="LayoutReport"/>.</summary>
    public const string LayoutResume = "layout/resume";

    /// <summary>POST: the node that is asked leaves, for its supervisor to start it again; <see cref="RestartReceipt"/>.</summary>
    public const string Restart = "restart";
}
