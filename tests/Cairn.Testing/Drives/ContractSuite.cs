using System.Reflection;

namespace Cairn.Testing.Drives;

/// <summary>Finds the cases of a contract: public static methods that take a fixture and return a task.</summary>
internal static class ContractSuite
{
    public static IReadOnlyList<string> CasesOf(Type contract) =>
        [.. Methods(contract).Select(method => method.Name).Order(StringComparer.Ordinal)];

    public static Task RunAsync(Type contract, string name, object fixture) =>
        (Task)Methods(contract).Single(method => method.Name == name).Invoke(null, [fixture])!;

    private static IEnumerable<MethodInfo> Methods(Type contract) =>
        contract.GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(method => method.ReturnType == typeof(Task) && method.GetParameters().Length == 1);
}
