using System.Globalization;
using Cairn.Cli.Output;

namespace Cairn.Cli.Bench;

/// <summary>Tells a person what a run is doing; on standard error, so that the report can be piped.</summary>
internal sealed class BenchProgress(TextWriter output, bool isShown)
{
    public void Tell(string text)
    {
        if (isShown)
        {
            output.WriteLine(text);
        }
    }

    public void Show(int second, BenchSecond figures)
    {
        if (isShown)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{second,5} s {figures.Operations,10:N0} op/s {ByteSize.Format(figures.Bytes),12}/s"));
        }
    }
}
