using System.Reflection;

namespace Cairn.Server.Diagnostics;

/// <summary>The version of this build.</summary>
internal static class ProgramVersion
{
    /// <summary>Without the commit it was built from.</summary>
    public static string Text { get; } = typeof(ProgramVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
