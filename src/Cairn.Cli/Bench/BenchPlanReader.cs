using System.CommandLine;
using System.Globalization;
using Cairn.Cli.Output;

namespace Cairn.Cli.Bench;

/// <summary>The options of <c>cairn bench</c>, and their translation into a plan.</summary>
/// <remarks>Failure: all problems are collected, each with the accepted values.</remarks>
internal sealed class BenchPlanReader
{
    private readonly EndpointOptions _endpoint = new("The S3 endpoint.", "Empty: unsigned requests.");

    private readonly Option<string> _bucket = Text(
        "--bucket", "name", "The bucket; made when it is not there, and removed again.", "cairn-bench");

    private readonly Option<string> _prefix = Text("--prefix", "prefix", "What all keys begin with.", "bench/");

    private readonly Option<string> _op = Text("--op", "operation", $"What to do: {OperationMix.Accepted}.", "mixed");

    private readonly Option<string> _size = Text("--size", "size", $"Object size: {ObjectSizes.Accepted}.", "4KiB");

    private readonly Option<int> _clients = new("--clients", "-c")
    {
        HelpName = "number",
        Description = "Clients at once, each with a connection.",
        DefaultValueFactory = _ => 64,
    };

    private readonly Option<string> _duration = Text("--duration", "time", "Measured time, such as 10s or 2m.", "10s");

    private readonly Option<string> _warmUp = Text("--warmup", "time", "Time before measuring.", "2s");

    private readonly Option<int?> _objects = new("--objects")
    {
        HelpName = "number",
        Description = "Objects to prepare for reading; for put, how many to write at most, without a warm-up.",
    };

    private readonly Option<int> _folders = new("--folders")
    {
        HelpName = "number",
        Description = "Folders the keys are spread over.",
        DefaultValueFactory = _ => 64,
    };

    private readonly Option<string> _partSize = Text(
        "--part-size", "size", "Put larger objects in parts of this size (S3 demands at least 5MiB); 0: never.", "0");

    private readonly Option<bool> _byFolder = new("--by-folder")
    {
        Description = "List folders (delimiter /) instead of keys.",
    };

    private readonly Option<bool> _pathStyle = new("--path-style")
    {
        Description = "endpoint/bucket/key; false: bucket.endpoint/key.",
        DefaultValueFactory = _ => true,
    };

    private readonly Option<bool> _unsignedPayload = new("--unsigned-payload")
    {
        Description = "Leave the content out of the signature.",
    };

    private readonly Option<bool> _verify = new("--verify") { Description = "Compare every byte read with what was written." };

    private readonly Option<bool> _keep = new("--keep") { Description = "Leave objects and bucket for a later --reuse." };

    private readonly Option<bool> _reuse = new("--reuse")
    {
        Description = "Read the objects of an earlier run with --keep and the same options.",
    };

    private readonly List<string> _problems = [];

    public IEnumerable<Option> Options =>
    [
        .. _endpoint.Options, _bucket, _prefix, _op, _size, _clients, _duration, _warmUp, _objects,
        _folders, _partSize, _byFolder, _pathStyle, _unsignedPayload, _verify, _keep, _reuse,
    ];

    /// <summary>Reads a plan.</summary>
    /// <returns>The problems; empty when the plan is there.</returns>
    public IReadOnlyList<string> Read(ParseResult parsed, Func<string, string?> environment, out BenchPlan? plan)
    {
        _problems.Clear();
        if (!OperationMix.TryParse(parsed.GetValue(_op)!, out OperationMix? mix))
        {
            Refuse(_op, OperationMix.Accepted);
        }

        if (!ObjectSizes.TryParse(parsed.GetValue(_size)!, out ObjectSizes? sizes))
        {
            Refuse(_size, ObjectSizes.Accepted);
        }

        BenchPlan candidate = new()
        {
            Target = _endpoint.Read(parsed, environment, _problems) with { IsPathStyle = parsed.GetValue(_pathStyle) },
            Bucket = parsed.GetValue(_bucket)!,
            Prefix = ReadPrefix(parsed.GetValue(_prefix)!),
            Mix = mix!,
            Sizes = sizes!,
            Clients = ReadNumber(_clients, parsed.GetValue(_clients), BenchLimits.MaxClients),
            Duration = ReadTime(_duration, parsed.GetValue(_duration)!),
            WarmUp = ReadTime(_warmUp, parsed.GetValue(_warmUp)!),
            Objects = parsed.GetValue(_objects) is { } objects ? ReadNumber(_objects, objects, int.MaxValue) : null,
            Folders = ReadNumber(_folders, parsed.GetValue(_folders), int.MaxValue),
            PartSize = ReadPartSize(parsed.GetValue(_partSize)!),
            IsListingByFolder = parsed.GetValue(_byFolder),
            IsPayloadSigned = !parsed.GetValue(_unsignedPayload),
            IsContentVerified = parsed.GetValue(_verify),
            IsReusing = parsed.GetValue(_reuse),
            IsKeeping = parsed.GetValue(_keep) || parsed.GetValue(_reuse),
        };
        if (candidate is { Objects: not null, Mix: { Single: BenchOperation.Put } })
        {
            // A number of objects is a fixed piece of work: all of it is measured.
            candidate = candidate with { WarmUp = TimeSpan.Zero };
        }

        plan = _problems.Count == 0 ? candidate : null;
        return _problems;
    }

    private static Option<string> Text(string name, string valueName, string description, string preset) => new(name)
    {
        HelpName = valueName,
        Description = description,
        DefaultValueFactory = _ => preset,
    };

    private string ReadPrefix(string text)
    {
        if (text.Length > 512 || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~' or '/'))
        {
            Refuse(_prefix, "up to 512 letters, digits and the characters - _ . ~ /");
        }

        return text;
    }

    private int ReadNumber(Option option, int number, int most)
    {
        if (number < 1 || number > most)
        {
            Refuse(option, string.Create(CultureInfo.InvariantCulture, $"1 to {most}"));
        }

        return number;
    }

    private TimeSpan ReadTime(Option option, string text)
    {
        double unit = text.EndsWith("ms", StringComparison.Ordinal) ? 0.001 : text.EndsWith('m') ? 60 : 1;
        string digits = text.TrimEnd('m', 's');
        if (double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            && number * unit <= TimeSpan.FromDays(7).TotalSeconds)
        {
            return TimeSpan.FromSeconds(number * unit);
        }

        Refuse(option, "a time such as 500ms, 10s or 2m");
        return TimeSpan.Zero;
    }

    private int? ReadPartSize(string text)
    {
        if (ByteSize.TryParse(text, out long size) && size <= BenchLimits.MaxObjectBytes)
        {
            return size == 0 ? null : (int)size;
        }

        Refuse(_partSize, "a size such as 16MiB, or 0");
        return null;
    }

    private void Refuse(Option option, string accepted) => _problems.Add($"{option.Name}: accepted: {accepted}");
}
