namespace Cairn.SystemTests.Harness;

/// <summary>Judges the drives of a stopped node by <c>cairn inspect</c>.</summary>
internal static class DriveInspection
{
    /// <summary>Fails unless every object is whole on every drive and no file is left that nothing names.</summary>
    public static async Task AssertWholeAsync(ProcessNode node)
    {
        ProgramResult report = await node.InspectAsync();
        report.EnsureSuccess();
    }
}
