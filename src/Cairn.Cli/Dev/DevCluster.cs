namespace Cairn.Cli.Dev;

/// <summary>Runs a cluster of child processes until it is told to stop.</summary>
/// <remarks>
/// Steps: (1) folders and secrets; (2) a supervised process for each node; (3) tell, once all are ready; (4) at the end
/// all are told to leave, at once. Failure: a node that does not start is started again and again, with its log to tell
/// why, as under any supervisor.
/// </remarks>
internal sealed class DevCluster(DevPlan plan, TextWriter output)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public async Task<int> RunAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(plan.Folder); // (1)
        DevSecrets secrets = DevSecrets.ReadOrMake(plan.SecretsFile);
        DevNode[] nodes = [.. Enumerable.Range(1, plan.Nodes).Select(
            number => new DevNode(plan, number, secrets, TextWriter.Synchronized(output)))];
        await output.WriteLineAsync(
            $"Starting {plan.Nodes} nodes with {plan.DrivesPerNode} drives each in {plan.Folder}; Ctrl+C ends them");
        Task all = Task.WhenAll(nodes.Select(node => node.RunAsync(stop))); // (2), (4)
        try
        {
            await WaitReadyAsync(stop);
            await TellAsync(secrets); // (3)
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await output.WriteLineAsync("Stopped before all nodes were ready");
        }

        await all;
        return ExitCodes.Success;
    }

    private async Task WaitReadyAsync(CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        for (int node = 1; node <= plan.Nodes; node++)
        {
            while (!await IsReadyAsync(http, plan.EndpointOf(node), stop))
            {
                await Task.Delay(Pause, stop);
            }
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, Uri endpoint, CancellationToken stop)
    {
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri(endpoint, "/health/ready"), stop);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task TellAsync(DevSecrets secrets)
    {
        for (int node = 1; node <= plan.Nodes; node++)
        {
            await output.WriteLineAsync($"  node{node}       {plan.EndpointOf(node)}  log {plan.FolderOf(node)}/log");
        }

        await output.WriteLineAsync($"  Access key  {secrets.AccessKey}");
        await output.WriteLineAsync(secrets.IsNew
            ? $"  Secret key  {secrets.SecretKey}  (generated now, shown once, kept in {plan.SecretsFile})"
            : $"  Secret key  in {plan.SecretsFile}");
        await output.WriteLineAsync($"  Status      set -a; . {plan.SecretsFile}; cairn admin status --endpoint {plan.EndpointOf(1)}");
        await output.WriteLineAsync("Ready");
        await output.FlushAsync(CancellationToken.None);
    }
}
