namespace Cairn.Benchmarks.Http.Rows;

/// <summary>One operation against the bare endpoint, with the same signed requests, taking turns.</summary>
/// <remarks>
/// The turns share whatever else the machine does, so their ratio is steadier than either rate. Both servers run
/// throughout; an idle one costs nothing measurable.
/// </remarks>
internal sealed record RatioRow(string Name, string Operation, string Size, int Clients, double Bar) : IHttpRow
{
    /// <summary>Drives in memory: the row is about the processor, not about the device.</summary>
    public bool IsInMemory { get; init; }

    /// <summary>Puts meet the objects of the run before, instead of keys that are new in each run.</summary>
    public bool Overwrites { get; init; }

    public string Description =>
        $"{Operation} {Size} {(Overwrites ? "over existing keys " : "")}from {Clients} clients, against the bare HTTP endpoint";

    public async Task<IReadOnlyList<HttpFigure>> MeasureAsync(HttpSettings settings)
    {
        int objects = IsInMemory ? 8 : 10_000;
        await using ServerProcess bare = await ServerProcess.StartBareAsync(IsInMemory ? 64 << 20 : 4096);
        await using ServerProcess cairn = await ServerProcess.StartCairnAsync(
            ServerProcess.PickFolder(settings, IsInMemory));
        string common = $"--op {Operation} --size {Size} --clients {Clients} --duration {LoadGenerator.Seconds(settings.Seconds)}";
        string existing = "";
        if (Overwrites)
        {
            await LoadGenerator.RunAsync(cairn, $"{common} --keep");
        }
        else if (Operation != "put")
        {
            existing = $" --objects {objects} --reuse";
            await LoadGenerator.RunAsync(cairn, $"--op put --size {Size} --clients {Clients} --objects {objects} --duration 5m --keep");
        }

        var measured = new List<double>();
        var limit = new List<double>();
        for (int run = 0; run < settings.Runs; run++)
        {
            // Nothing is there to clean up behind the bare endpoint; --keep spares it the attempt.
            string keys = Operation == "put" && !Overwrites ? $" --prefix run{run}/" : "";
            limit.Add((await LoadGenerator.RunAsync(bare, $"{common}{existing}{keys} --keep")).OperationsPerSecond);
            measured.Add((await LoadGenerator.RunAsync(cairn, $"{common}{existing}{keys} --keep")).OperationsPerSecond);
        }

        Spread ours = Spread.Of(measured);
        Spread theirs = Spread.Of(limit);
        double ratio = Spread.Of(measured.Zip(limit, (m, l) => m / l)).Median;
        string bar = Bar > 0 ? $"{Bar:F2}x" : "none";
        return [new HttpFigure(Name, Description, "op/s", ours, theirs, ratio, bar, ratio >= Bar)];
    }
}
