namespace Cairn.Api.S3.Bodies;

/// <summary>Takes the payload out of a request's body.</summary>
internal interface IBodyFraming
{
    /// <summary>Fills some of the destination with payload; 0 at the end, when the framing is complete.</summary>
    ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>The value of a trailing header, once the end was read; null when it did not come.</summary>
    string? FindTrailer(string name);
}
