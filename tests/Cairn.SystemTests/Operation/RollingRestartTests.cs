using System.Text.Json;
using Cairn.Client.Admin;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Operation;

/// <summary>
/// <c>cairn dev</c> runs and supervises a cluster; <c>cairn admin restart --rolling</c> restarts it under load behind
/// HAProxy. Method: a steady load of which no request may fail; the status before and after tells which processes are new.
/// </summary>
public sealed class RollingRestartTests
{
    private const int Nodes = 4;

    [Fact]
    public async Task Rolling_restart_to_another_version_fails_no_request()
    {
        await using DevProcess dev = await DevProcess.StartAsync(Nodes, drives: 1);
        await using Balancer balancer = await Balancer.StartHaproxyAsync(dev.Endpoints);
        using OtherVersion other = OtherVersion.Create();
        ClusterStatus before = await StatusAsync(dev);
        await using SteadyLoad load = await SteadyLoad.StartAsync([balancer.Endpoint], workers: 4, size: 16_000);
        dev.InstallProgram($"exec {other.FilePath} \"$@\"");

        ProgramResult restarted = await dev.AdminAsync("restart", "--rolling", "--patience", "60");
        await load.StopAsync();
        Measured.Write($"rolling restart of {Nodes} nodes in {load.Now.TotalSeconds:F0} s behind HAProxy: {load.Everything()}");
        restarted.EnsureSuccess();
        Assert.Contains($"is back ({Nodes} of {Nodes})", restarted.Output, StringComparison.Ordinal);
        load.Everything().AssertNoFailure();

        ClusterStatus after = await StatusAsync(dev);
        Assert.NotEqual(before.Instance, after.Instance);
        Assert.All(after.Nodes, node => Assert.Equal(("active", other.Version), (node.State, node.Version)));
        Assert.All(before.Nodes, node => Assert.NotEqual(other.Version, node.Version));
        Assert.Equal(0, await dev.StopAsync());
    }

    [Fact]
    public async Task Rolling_restart_stops_at_the_first_node_that_does_not_start_and_puts_it_back()
    {
        await using DevProcess dev = await DevProcess.StartAsync(Nodes, drives: 1);
        string good = await File.ReadAllTextAsync(dev.Program);
        dev.InstallProgram("echo this release does not start >&2; exit 3");

        ProgramResult stopped = await dev.AdminAsync("restart", "--rolling", "--patience", "5");
        Assert.True(stopped.ExitCode == 1, $"{stopped.ExitCode}: {stopped.Output}{stopped.Errors}");
        Assert.Contains("is not back after 5 s", stopped.Errors, StringComparison.Ordinal);
        Assert.Contains("still run as they did", stopped.Errors, StringComparison.Ordinal);
        // The one that was asked is the first by name, and the one that is away.
        Assert.Contains(dev.Endpoints[0].Address.Authority, stopped.Errors, StringComparison.Ordinal);
        Assert.Contains("node1 ended with 3", dev.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("node2 has left", dev.Output, StringComparison.Ordinal);

        // While it is away nothing else is restarted, and then the old release comes back by itself.
        dev.InstallProgram(string.Join('\n', good.Split('\n').Skip(1)));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await IsFitAsync(dev))
        {
            Assert.False(limit.IsCancellationRequested, dev.Output);
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }

        ProgramResult rolledBack = await dev.AdminAsync(
            "restart", "--rolling", "--patience", "20",
            "--before", $"cp {dev.Program} {dev.Program}.good; printf '#!/bin/sh\\nexit 3\\n' > {dev.Program}",
            "--on-failure", $"cp {dev.Program}.good {dev.Program}");
        Assert.True(rolledBack.ExitCode == 1, $"{rolledBack.ExitCode}: {rolledBack.Output}{rolledBack.Errors}");
        Assert.Contains("--on-failure brought it back", rolledBack.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("node2 has left", dev.Output, StringComparison.Ordinal);
    }

    // A node answers before it counts as active again, and a restart is refused until all of them do.
    private static async Task<bool> IsFitAsync(DevProcess dev) =>
        await dev.AdminAsync("status", "--json") is { ExitCode: 0 } answer
        && JsonSerializer.Deserialize(answer.Output, AdminJson.Default.ClusterStatus)!.Nodes.All(
            node => node is { State: "active", IsSuspect: false });

    private static async Task<ClusterStatus> StatusAsync(DevProcess dev) => JsonSerializer.Deserialize(
        (await dev.AdminAsync("status", "--json")).EnsureSuccess().Output, AdminJson.Default.ClusterStatus)!;
}
