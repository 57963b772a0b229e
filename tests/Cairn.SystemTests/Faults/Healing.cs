using System.Net;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Faults;

/// <summary>Waits until a node says that everything is where it belongs.</summary>
internal static class Healing
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task WaitAsync(ProcessNode node)
    {
        using var http = new HttpClient();
        string last = "";
        using var limit = new CancellationTokenSource(Limit);
        while (!limit.IsCancellationRequested)
        {
            Assert.True(node.IsRunning, $"The node has ended:\n{node.LogTail}");
            using HttpResponseMessage answer = await http.GetAsync(new Uri(node.Endpoint, "/health/whole"));
            last = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            // Progress of another process: its health address is asked again.
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        Assert.Fail($"Not healed after {Limit}: {last}\n{node.LogTail}");
    }

    /// <summary>Waits until a drive has been read through so many times from now on.</summary>
    public static async Task WaitForChecksAsync(ProcessNode node, string drive, int checks)
    {
        string line = $"Drive {drive}: checked";
        int wanted = node.CountInLog(line) + checks;
        using var limit = new CancellationTokenSource(Limit);
        while (node.CountInLog(line) < wanted)
        {
            Assert.False(limit.IsCancellationRequested, $"Not checked after {Limit}:\n{node.LogTail}");
            // The log of another process is read again.
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }
}
