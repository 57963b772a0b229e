namespace Cairn.Cli;

/// <summary>One line of a command's help: what it is for, and the line to type.</summary>
public sealed record CommandExample(string Purpose, string Line);
