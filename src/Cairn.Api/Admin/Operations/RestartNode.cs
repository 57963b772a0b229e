using Cairn.Api.S3.Errors;
using Cairn.Client.Admin;
using Microsoft.AspNetCore.Http;

namespace Cairn.Api.Admin.Operations;

internal static class RestartNode
{
    // The answer comes first: leaving begins with the connection of the next one.
    public static async Task<S3Error?> HandleAsync(AdminCall call)
    {
        S3Error? error = await call.AnswerAsync(
            new RestartReceipt(call.Services.Serving.Instance), AdminJson.Default.RestartReceipt, StatusCodes.Status202Accepted);
        call.Services.Serving.RequestRestart();
        return error;
    }
}
