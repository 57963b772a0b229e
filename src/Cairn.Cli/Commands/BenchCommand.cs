using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using Cairn.Cli.Bench;
using Cairn.Client.S3;

namespace Cairn.Cli.Commands;

/// <summary><c>cairn bench</c>: measures an S3 endpoint.</summary>
internal static class BenchCommand
{
    public static Command Build()
    {
        var command = new CommandWithExamples(
            "bench",
            "Measures any S3 endpoint: signed requests from a number of clients, percentiles, throughput by second.",
            [
                new("Small writes", "cairn bench --op put --size 4KiB --clients 64"),
                new("Large uploads in parts", "cairn bench --op put --size 64MiB --part-size 16MiB --clients 8"),
                new("A realistic mix, checked byte by byte, as JSON", "cairn bench --op mixed --size 4KiB:80,1MiB:20 --verify --json"),
                new("Listing a million keys", "cairn bench --op list --objects 1000000 --clients 1"),
                new("Another product", "cairn bench --endpoint https://s3.example.com --access-key KEY --op get"),
            ]);
        var reader = new BenchPlanReader();
        foreach (Option option in reader.Options)
        {
            command.Add(option);
        }

        var json = new Option<bool>("--json") { Description = "Write the report as JSON." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Do not show progress." };
        command.Add(json);
        command.Add(quiet);
        command.SetAction(async (parsed, _) =>
        {
            IReadOnlyList<string> problems = reader.Read(parsed, Environment.GetEnvironmentVariable, out BenchPlan? plan);
            if (plan is null)
            {
                foreach (string problem in problems)
                {
                    await Console.Error.WriteLineAsync($"cairn bench: {problem}");
                }

                return ExitCodes.Usage;
            }

            return await RunAsync(plan, parsed.GetValue(json), parsed.GetValue(quiet));
        });
        return command;
    }

    private static async Task<int> RunAsync(BenchPlan plan, bool isJson, bool isQuiet)
    {
        // The first signal ends the measurement and still cleans up; the second one is the system's own.
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        void Stop(PosixSignalContext context)
        {
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        try
        {
            BenchReport report = await new BenchRun(plan, new BenchProgress(Console.Error, !isQuiet)).ExecuteAsync(stop.Token);
            if (isJson)
            {
                Console.WriteLine(JsonSerializer.Serialize(report, BenchJson.Default.BenchReport));
            }
            else
            {
                BenchText.Write(report, Console.Out);
            }

            return report.Failures == 0 ? ExitCodes.Success : ExitCodes.Findings;
        }
        catch (Exception failure) when (failure is S3Exception or HttpRequestException)
        {
            await Console.Error.WriteLineAsync($"cairn bench: {plan.Target.Endpoint}: {failure.Message}");
            return ExitCodes.Unavailable;
        }
    }
}
