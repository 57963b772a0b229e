namespace Cairn.Cli.Bench;

/// <summary>The result of a run, as it is printed and as it is written in JSON.</summary>
/// <remarks>The JSON names are a contract with scripts: camel case, units in the name.</remarks>
internal sealed record BenchReport
{
    public required string Endpoint { get; init; }

    public required string Operation { get; init; }

    public required string Size { get; init; }

    public required int Clients { get; init; }

    /// <summary>Measured time.</summary>
    public required double Seconds { get; init; }

    public required long Operations { get; init; }

    public required long Failures { get; init; }

    public required double OperationsPerSecond { get; init; }

    public required double BytesPerSecond { get; init; }

    /// <summary>Zero unless something was listed.</summary>
    public required double ListedPerSecond { get; init; }

    /// <summary>Cores this program used itself, to judge whether it was the limit.</summary>
    public required double ClientCores { get; init; }

    public required IReadOnlyList<OperationReport> ByOperation { get; init; }

    public required IReadOnlyList<BenchSecond> PerSecond { get; init; }

    /// <summary>Null when nothing failed.</summary>
    public required string? FirstFailure { get; init; }

    public static BenchReport Build(
        BenchPlan plan, BenchWorker[] workers, IReadOnlyList<BenchSecond> perSecond, TimeSpan elapsed, double cores)
    {
        var byOperation = new List<OperationReport>();
        double seconds = elapsed.TotalSeconds;
        foreach (BenchOperation operation in Enum.GetValues<BenchOperation>())
        {
            var total = new OperationStatistics();
            Array.ForEach(workers, worker => total.Add(worker.Statistics[(int)operation]));
            if (total.Operations + total.Failures > 0)
            {
                byOperation.Add(OperationReport.Build(operation, total, seconds));
            }
        }

        BenchFailure? failure = workers.Select(worker => worker.FirstFailure).FirstOrDefault(f => f is not null);
        return new BenchReport
        {
            Endpoint = plan.Target.Endpoint.ToString(),
            Operation = plan.Mix.ToString(),
            Size = plan.Sizes.ToString(),
            Clients = plan.Clients,
            Seconds = seconds,
            Operations = byOperation.Sum(report => report.Operations),
            Failures = byOperation.Sum(report => report.Failures),
            OperationsPerSecond = byOperation.Sum(report => report.OperationsPerSecond),
            BytesPerSecond = byOperation.Sum(report => report.BytesPerSecond),
            ListedPerSecond = byOperation.Sum(report => report.ListedPerSecond),
            ClientCores = cores,
            ByOperation = byOperation,
            PerSecond = perSecond,
            FirstFailure = failure is null ? null : $"{failure.Operation}: {failure.Reason}",
        };
    }
}
