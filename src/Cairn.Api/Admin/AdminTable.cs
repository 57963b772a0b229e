using Cairn.Api.Admin.Operations;
using Cairn.Client.Admin;

namespace Cairn.Api.Admin;

/// <summary>All operations of the admin API. What has no row does not exist and is refused.</summary>
internal static class AdminTable
{
    /// <summary>Nobody is granted it by name; whoever may do everything may hear that there is no such operation.</summary>
    public const string NoAction = "admin:UnknownOperation";

    public static readonly AdminOperation[] Rows =
    [
        new("GetCluster", "GET", AdminPaths.Cluster, "admin:GetCluster", GetCluster.HandleAsync),
        new("GetLayout", "GET", AdminPaths.Layout, "admin:GetLayout", LayoutOperations.GetAsync),
        new("PlanLayout", "POST", AdminPaths.LayoutPlan, "admin:GetLayout", LayoutOperations.PlanAsync),
        new("ApplyLayout", "POST", AdminPaths.LayoutApply, "admin:SetLayout", LayoutOperations.ApplyAsync),
        new("StopLayout", "POST", AdminPaths.LayoutStop, "admin:SetLayout", LayoutOperations.StopAsync),
        new("ResumeLayout", "POST", AdminPaths.LayoutResume, "admin:SetLayout", LayoutOperations.ResumeAsync),
        new("RestartNode", "POST", AdminPaths.Restart, "admin:RestartNode", RestartNode.HandleAsync),
    ];

    public static AdminOperation? Find(string method, ReadOnlySpan<char> path)
    {
        foreach (AdminOperation row in Rows)
        {
            if (row.Method == method && path.SequenceEqual(row.Path))
            {
                return row;
            }
        }

        return null;
    }

    /// <summary>Whether another method would have been right.</summary>
    public static bool HasPath(ReadOnlySpan<char> path)
    {
        foreach (AdminOperation row in Rows)
        {
            if (path.SequenceEqual(row.Path))
            {
                return true;
            }
        }

        return false;
    }
}
