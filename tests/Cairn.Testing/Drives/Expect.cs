using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Cairn.Drives;

namespace Cairn.Testing.Drives;

/// <summary>Assertions of the contract suites, which know no test framework.</summary>
internal static class Expect
{
    public static void That(
        [DoesNotReturnIf(false)] bool holds, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        if (!holds)
        {
            throw new ContractException("Expected: " + what);
        }
    }

    public static void Equal<T>(T expected, T actual, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new ContractException($"{what} is {actual}, expected {expected}.");
        }
    }

    public static void Bytes(
        ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> actual, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        if (!expected.Span.SequenceEqual(actual.Span))
        {
            throw new ContractException($"{what} has other bytes than expected ({actual.Length} of {expected.Length}).");
        }
    }

    public static async Task<T> Ok<T>(
        ValueTask<DriveResult<T>> call, [CallerArgumentExpression(nameof(call))] string what = "")
    {
        DriveResult<T> result = await call;
        Equal(DriveFault.None, result.Fault, what);
        return result.Value;
    }

    public static async Task Ok(
        ValueTask<DriveFault> call, [CallerArgumentExpression(nameof(call))] string what = "") =>
        Equal(DriveFault.None, await call, what);

    public static async Task Fault<T>(
        DriveFault expected, ValueTask<DriveResult<T>> call, [CallerArgumentExpression(nameof(call))] string what = "") =>
        Equal(expected, (await call).Fault, what);
}
