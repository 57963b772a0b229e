using Cairn.Api.S3.Errors;

namespace Cairn.Api.Admin;

/// <summary>Answers a request, or says which error it ends in.</summary>
internal delegate Task<S3Error?> AdminHandler(AdminCall call);

/// <summary>One operation of the admin API.</summary>
/// <param name="Name">For people and logs.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Behind AdminPaths.Root.</param>
/// <param name="Action">IAM action that the caller needs.</param>
/// <param name="Handler">What it does.</param>
internal sealed record AdminOperation(string Name, string Method, string Path, string Action, AdminHandler Handler);
