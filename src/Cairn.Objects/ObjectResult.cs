using System.Diagnostics.CodeAnalysis;

namespace Cairn.Objects;

/// <summary>A value, or why there is none.</summary>
/// <param name="Error">None when Value is meant.</param>
/// <param name="Value">The value; for some errors it still describes what stood in the way (a delete marker).</param>
public readonly record struct ObjectResult<T>(ObjectError Error, T? Value)
{
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsOk => Error == ObjectError.None;

    public static implicit operator ObjectResult<T>(T value) => new(ObjectError.None, value);

    public static implicit operator ObjectResult<T>(ObjectError error) => new(error, default);
}
