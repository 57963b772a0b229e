using Cairn.Api.S3.Errors;
using Cairn.Client.Admin;
using Cairn.Objects.Rebalance;
using Microsoft.AspNetCore.Http;

namespace Cairn.Api.Admin.Operations;

/// <summary>Shows, plans and changes the layout.</summary>
internal static class LayoutOperations
{
    private static readonly S3Error Refused = new("LayoutRefused", StatusCodes.Status400BadRequest, "");
    private static readonly S3Error Outdated = new("LayoutChanged", StatusCodes.Status409Conflict, "");
    private static readonly S3Error NotAgreed = new(
        "LayoutNotAgreed", StatusCodes.Status503ServiceUnavailable, "Too few of the nodes that vote on the layout answer.");

    public static async Task<S3Error?> GetAsync(AdminCall call) =>
        await LayoutOf(call).GetAsync(call.Cancellation) is { } state
            ? await call.AnswerAsync(LayoutReports.Of(state), AdminJson.Default.LayoutReport)
            : NotAgreed;

    public static async Task<S3Error?> PlanAsync(AdminCall call)
    {
        LayoutChangeRequest request = await call.ReadAsync(AdminJson.Default.LayoutChangeRequest);
        return await AnswerPlanAsync(call, await LayoutOf(call).PlanAsync(WishOf(request), call.Cancellation));
    }

    public static async Task<S3Error?> ApplyAsync(AdminCall call)
    {
        LayoutChangeRequest request = await call.ReadAsync(AdminJson.Default.LayoutChangeRequest);
        return await AnswerPlanAsync(
            call, await LayoutOf(call).ApplyAsync(WishOf(request), request.Epoch, call.Cancellation));
    }

    public static Task<S3Error?> StopAsync(AdminCall call) => StopAsync(call, isStopped: true);

    public static Task<S3Error?> ResumeAsync(AdminCall call) => StopAsync(call, isStopped: false);

    private static async Task<S3Error?> StopAsync(AdminCall call, bool isStopped) =>
        ErrorOf(await LayoutOf(call).StopAsync(isStopped, call.Cancellation)) ?? await GetAsync(call);

    private static async Task<S3Error?> AnswerPlanAsync(AdminCall call, LayoutAnswer answer) =>
        ErrorOf(answer) ?? await call.AnswerAsync(LayoutReports.Of(answer.Plan!), AdminJson.Default.LayoutPlanReport);

    private static S3Error? ErrorOf(LayoutAnswer answer) => answer.Outcome switch
    {
        LayoutOutcome.Done => null,
        LayoutOutcome.Refused => Refused.Because(answer.Problem),
        LayoutOutcome.Outdated => Outdated.Because(answer.Problem),
        _ => NotAgreed,
    };

    private static LayoutAdministration LayoutOf(AdminCall call) => call.Services.Layout
        ?? throw new S3Exception(S3Error.NotImplemented.Because("The layout of this store is given and cannot be changed."));

    private static LayoutWish WishOf(LayoutChangeRequest request) => new()
    {
        Added = request.Add,
        Drained = request.Drain,
        Kept = request.Keep,
        Weights = request.Weights,
        Zones = request.Zones,
    };
}
