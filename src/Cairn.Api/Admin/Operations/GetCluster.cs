using Cairn.Api.S3.Errors;
using Cairn.Client.Admin;

namespace Cairn.Api.Admin.Operations;

internal static class GetCluster
{
    public static Task<S3Error?> HandleAsync(AdminCall call) =>
        call.AnswerAsync(call.Services.Cluster.Create(), AdminJson.Default.ClusterStatus);
}
