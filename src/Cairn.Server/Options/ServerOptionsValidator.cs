using System.Globalization;
using Cairn.Cluster.Membership;
using Cairn.Cluster.Topology;
using Microsoft.Extensions.Logging;

namespace Cairn.Server.Options;

/// <summary>Checks options and freezes them into a model.</summary>
/// <remarks>
/// Failure: all problems are collected, each naming the setting, what was found and what is accepted: an operator
/// repairs a configuration once, not once per mistake.
/// </remarks>
internal sealed class ServerOptionsValidator
{
    private readonly ServerOptions _options;
    private readonly List<string> _problems = [];

    private ServerOptionsValidator(ServerOptions options) => _options = options;

    /// <summary>Validates.</summary>
    /// <param name="options">As read.</param>
    /// <param name="model">Null when there are problems.</param>
    /// <returns>The problems, as sentences; empty when the model is there.</returns>
    public static IReadOnlyList<string> Validate(ServerOptions options, out ServerModel? model)
    {
        var validator = new ServerOptionsValidator(options);
        ServerModel candidate = validator.Build();
        model = validator._problems.Count == 0 ? candidate : null;
        return validator._problems;
    }

    private ServerModel Build()
    {
        _problems.AddRange(_options.Unreadable);
        ListenAddress address = ReadAddress(ServerSettings.Address);
        ClusterTopology? topology = ReadTopology(address.Port);
        string[] drives = [.. topology?.AsGiven.Select(endpoint => endpoint.Path) ?? []];
        RefuseUnprotected(topology);
        int? standard = ReadParity(ServerSettings.StandardClass, drives.Length);
        int? reduced = ReadParity(ServerSettings.ReducedClass, drives.Length);
        if (reduced > standard)
        {
            Refuse(
                ServerSettings.ReducedClass,
                $"EC:{reduced} protects more than STANDARD's EC:{standard}",
                "a parity not above that of STANDARD");
        }

        return new ServerModel
        {
            // A model with problems is never given out.
            Topology = topology!,
            OwnNode = _options[ServerSettings.OwnNode],
            ClusterAddress = _options[ServerSettings.ClusterAddress] is null ? null : ReadAddress(ServerSettings.ClusterAddress),
            ClusterSecret = _options[ServerSettings.ClusterSecret],
            ClusterCertificates = _options[ServerSettings.ClusterCertificates],
            Membership = ReadMembership(),
            Address = address,
            ConsoleAddress = ReadAddress(ServerSettings.ConsoleAddress),
            RootCredential = ReadRootCredential(),
            CredentialsFile = ReadCredentialsFile(drives),
            Region = ReadRegion(),
            Domains = ReadDomains(),
            WalDirectory = ReadWalDirectory(drives),
            StandardParity = standard,
            ReducedParity = reduced,
            Certificate = ReadCertificate(),
            IsSignatureV2Allowed = ReadChoice(ServerSettings.SignatureV2, "on", "off") == "on",
            LeaveTime = ReadLeaveTime(topology),
            DrainTimeout = TimeSpan.FromSeconds(ReadNumber(ServerSettings.DrainSeconds, 0, ServerLimits.MaxDrainSeconds)),
            ScrubPeriod = TimeSpan.FromSeconds(ReadNumber(ServerSettings.ScrubSeconds, 0, ServerLimits.MaxScrubSeconds)),
            ScrubBytesPerSecond = (long)ReadNumber(ServerSettings.ScrubRate, 1, ServerLimits.MaxScrubRate) << 20,
            IsJsonLog = ReadChoice(ServerSettings.LogFormat, "plain", "json") == "json",
            LogLevel = Enum.Parse<LogLevel>(
                ReadChoice(ServerSettings.LogLevel, "information", "trace", "debug", "warning", "error"),
                ignoreCase: true),
        };
    }

    private ClusterTopology? ReadTopology(int apiPort)
    {
        var options = new TopologyOptions { WorkingDirectory = Environment.CurrentDirectory, DefaultPort = apiPort };
        IReadOnlyList<string> problems = ClusterTopology.Parse(_options.DrivePatterns, options, out ClusterTopology? topology);
        _problems.AddRange(problems.Select(problem => $"{ServerSettings.Drives.Key}: {problem}"));
        return topology;
    }

    // A node alone has nobody to turn to.
    private TimeSpan ReadLeaveTime(ClusterTopology? topology) => _options[ServerSettings.LeaveSeconds] is not null
        ? TimeSpan.FromSeconds(ReadNumber(ServerSettings.LeaveSeconds, 0, ServerLimits.MaxDrainSeconds))
        : topology is { IsDistributed: true } ? ServerLimits.ClusterLeaveTime : TimeSpan.Zero;

    private MembershipOptions ReadMembership()
    {
        MembershipOptions membership = new()
        {
            GossipPeriod = TimeSpan.FromSeconds(ReadNumber(ServerSettings.GossipSeconds, 1, ServerLimits.MaxGossipSeconds)),
            HeartbeatPeriod = TimeSpan.FromSeconds(
                ReadNumber(ServerSettings.HeartbeatSeconds, 1, ServerLimits.MaxHeartbeatSeconds)),
            FailedAfter = TimeSpan.FromSeconds(ReadNumber(ServerSettings.FailedAfterSeconds, 2, ServerLimits.MaxFailedSeconds)),
        };
        if (membership.HeartbeatPeriod < membership.GossipPeriod)
        {
            Refuse(ServerSettings.HeartbeatSeconds, "more often than gossip", null);
        }

        if (membership.FailedAfter < membership.HeartbeatPeriod)
        {
            Refuse(ServerSettings.FailedAfterSeconds, "sooner than the heartbeat", null);
        }

        return membership;
    }

    private void RefuseUnprotected(ClusterTopology? topology)
    {
        if (topology is not { IsDistributed: true })
        {
            return;
        }

        if (_options[ServerSettings.ClusterSecret] is null && _options[ServerSettings.ClusterCertificates] is null)
        {
            Refuse(
                ServerSettings.ClusterSecret,
                "nodes do not talk to each other without proof",
                $"{ServerSettings.ClusterSecret.Accepted}; or {ServerSettings.ClusterCertificates.Key}");
        }

        if (_options[ServerSettings.RootUser] is null)
        {
            Refuse(
                ServerSettings.RootUser,
                "all nodes need the same root credential, so none can be generated here",
                ServerSettings.RootUser.Accepted);
        }
    }

    private static bool IsInside(string path, string directory) =>
        path.StartsWith(Path.EndsInDirectorySeparator(directory) ? directory : directory + '/', StringComparison.Ordinal)
        && path != directory;

    private ListenAddress ReadAddress(Setting setting)
    {
        if (!ListenAddress.TryParse(_options[setting]!, out ListenAddress address))
        {
            Refuse(setting, $"'{_options[setting]}' is not an address", setting.Accepted);
        }

        return address;
    }

    private RootCredential? ReadRootCredential()
    {
        string? user = _options[ServerSettings.RootUser];
        string? password = _options[ServerSettings.RootPassword];
        if (user is null && password is null)
        {
            return null;
        }

        if (user is null || password is null)
        {
            Setting missing = user is null ? ServerSettings.RootUser : ServerSettings.RootPassword;
            Refuse(missing, "is missing while its counterpart is set", missing.Accepted);
            return null;
        }

        if (!RootCredential.IsValidUser(user))
        {
            Refuse(ServerSettings.RootUser, $"'{user}' is not an access key", ServerSettings.RootUser.Accepted);
        }

        if (!RootCredential.IsValidPassword(password))
        {
            Refuse(ServerSettings.RootPassword, "the secret key is not usable", ServerSettings.RootPassword.Accepted);
        }

        return new RootCredential(user, password);
    }

    private string ReadCredentialsFile(string[] drives)
    {
        if (_options[ServerSettings.CredentialsFile] is { } given)
        {
            return Path.GetFullPath(given);
        }

        string beside = drives.Length == 0 ? "/" : Path.GetDirectoryName(drives[0]) ?? "/";
        return Path.Combine(beside, ".cairn-credentials");
    }

    private string ReadRegion()
    {
        string region = _options[ServerSettings.Region]!;
        if (region.Length > 64 || !region.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            Refuse(ServerSettings.Region, $"'{region}' is not a region", ServerSettings.Region.Accepted);
        }

        return region;
    }

    private List<string> ReadDomains()
    {
        string[] names = _options[ServerSettings.Domain]?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        foreach (string name in names.Where(n => Uri.CheckHostName(n) != UriHostNameType.Dns))
        {
            Refuse(ServerSettings.Domain, $"'{name}' is not a DNS name", ServerSettings.Domain.Accepted);
        }

        return [.. names.Select(n => n.Trim('.').ToLowerInvariant())];
    }

    private string? ReadWalDirectory(string[] drives)
    {
        if (_options[ServerSettings.WalDirectory] is not { } given)
        {
            return null;
        }

        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(given));
        if (drives.Any(drive => drive == path || IsInside(path, drive)))
        {
            Refuse(ServerSettings.WalDirectory, $"{path} lies on a drive", ServerSettings.WalDirectory.Accepted);
        }

        return path;
    }

    private int? ReadParity(Setting setting, int driveCount)
    {
        if (_options[setting] is not { } text)
        {
            return null;
        }

        if (!StorageClassParity.TryParse(text, out int parity))
        {
            Refuse(setting, $"'{text}' is not a parity", setting.Accepted);
        }
        else if (parity > driveCount / 2)
        {
            Refuse(setting, $"EC:{parity} is more than half of {driveCount} drives", setting.Accepted);
        }

        return parity;
    }

    private CertificateFiles? ReadCertificate()
    {
        if (_options[ServerSettings.CertificateDirectory] is not { } directory)
        {
            return null;
        }

        var files = new CertificateFiles(
            Path.GetFullPath(Path.Combine(directory, "public.crt")),
            Path.GetFullPath(Path.Combine(directory, "private.key")));
        foreach (string missing in new[] { files.ChainPath, files.KeyPath }.Where(path => !File.Exists(path)))
        {
            Refuse(
                ServerSettings.CertificateDirectory,
                $"{missing} is not there",
                ServerSettings.CertificateDirectory.Accepted);
        }

        return files;
    }

    private int ReadNumber(Setting setting, int smallest, int largest)
    {
        string text = _options[setting]!;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= smallest
            && number <= largest)
        {
            return number;
        }

        Refuse(setting, $"'{text}' is out of range", setting.Accepted);
        return smallest;
    }

    private string ReadChoice(Setting setting, params string[] choices)
    {
        string text = _options[setting]!.ToLowerInvariant();
        if (choices.Contains(text))
        {
            return text;
        }

        Refuse(setting, $"'{_options[setting]}' is not a choice", setting.Accepted);
        return choices[0];
    }

    private void Refuse(Setting setting, string found, string? accepted) =>
        _problems.Add($"{setting.Key}: {found}; accepted: {accepted ?? setting.Accepted}");
}
