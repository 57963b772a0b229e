using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clients;

/// <summary>The newer generation of clients, unpacked by eng/clients/install.sh.</summary>
internal static class UnstableClients
{
    public static string Aws { get; } = Launcher("aws");

    public static string Python { get; } = Launcher("python3");

    public static string Rclone { get; } = Launcher("rclone");

    private static string Launcher(string name) =>
        Path.Combine(RepositoryFolder.Artifacts, "clients", "unstable", "bin", name);
}
