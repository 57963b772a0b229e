namespace Cairn.Cluster.Transport;

/// <summary>What a frame is for. On the wire: never renumber.</summary>
public enum FrameKind : byte
{
    None = 0,

    /// <summary>The first frame of who connected: a <see cref="Hello"/>.</summary>
    Hello = 1,

    /// <summary>The answer to it: the version that both speak.</summary>
    Welcome = 2,

    /// <summary>The answer to it, and the end: a sentence that says why not.</summary>
    Refusal = 3,

    Request = 4,
    Response = 5,

    /// <summary>The caller no longer waits for the call.</summary>
    Cancel = 6,

    /// <summary>A message without an answer, in either direction.</summary>
    Message = 7,

    /// <summary>Asks for a sign of life.</summary>
    Ping = 8,
    Pong = 9,

    /// <summary>Several frames that are sealed as one: header and payload of each behind each other. From version 2 on.</summary>
    Bundle = 10,
}
