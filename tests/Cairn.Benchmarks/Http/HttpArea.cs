namespace Cairn.Benchmarks.Http;

/// <summary>The single node against the bare HTTP server: <c>http row...</c>.</summary>
internal static class HttpArea
{
    public static int Run(string[] args)
    {
        if (args is ["bare", var port, var size])
        {
            BareServer.RunAsync(int.Parse(port), int.Parse(size)).GetAwaiter().GetResult();
            return 0;
        }

        return 2;
    }
}
