using System.Security.Cryptography;
using Cairn.Cluster.Transport;

namespace Cairn.Cluster.Security;

/// <summary>Proof of a common secret, and keys for the connection from it.</summary>
/// <remarks>
/// Steps: (1) the node that connects sends magic, version and a nonce; (2) the other one the same; (3) the one that
/// connects proves that it knows the secret: HMAC over its role and all that was said; (4) the other one does, too;
/// (5) both derive a key for each direction from the secret and all that was said.
/// The one that connects proves first: whoever knocks without the secret hears nothing that depends on it. The roles
/// differ, so that a proof cannot be sent back. Both nonces are fresh, so a recorded conversation opens nothing.
/// Not given: secrecy of recorded traffic from someone who learns the secret later; use certificates for that.
/// </remarks>
internal sealed class SecretSecurity(ClusterSecret secret) : ClusterSecurity
{
    private const int HeadSize = 16;
    private const int NonceSize = 32;
    private const int GreetingSize = HeadSize + NonceSize;
    private const int ProofSize = 32;
    private const byte Version = 1;

    // The first byte of a TLS handshake.
    private const byte Tls = 0x16;

    private static ReadOnlySpan<byte> Magic => "cairn-cs"u8;

    internal override async ValueTask<SecuredStream> ConnectAsync(
        Stream stream, NodeAddress address, CancellationToken cancellationToken)
    {
        try
        {
            // (1)
            byte[] transcript = new byte[2 * GreetingSize];
            WriteGreeting(transcript);
            await stream.WriteAsync(transcript.AsMemory(0, GreetingSize), cancellationToken);

            // (2)
            Memory<byte> answer = transcript.AsMemory(GreetingSize);
            await stream.ReadExactlyAsync(answer, cancellationToken);
            CheckGreeting(answer.Span, address.ToString());

            // (3)
            await stream.WriteAsync(secret.Prove("client"u8, transcript), cancellationToken);

            // (4)
            if (!await IsProvedAsync(stream, "server"u8.ToArray(), transcript, cancellationToken))
            {
                throw new TransportException(
                    TransportFault.Unauthenticated, $"{address} does not know the cluster secret of this node.");
            }

            return Secure(stream, transcript, isServer: false);
        }
        catch (EndOfStreamException e)
        {
            throw new TransportException(
                TransportFault.Unauthenticated,
                $"{address} hung up instead of proving that it belongs to the cluster: do both nodes have the same cluster secret?",
                e);
        }
    }

    internal override async ValueTask<SecuredStream> AcceptAsync(Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            // (1)
            byte[] transcript = new byte[2 * GreetingSize];
            Memory<byte> greeting = transcript.AsMemory(0, GreetingSize);
            await stream.ReadExactlyAsync(greeting, cancellationToken);

            // (2), also for a version that is not ours: the other end can say so to its operator.
            WriteGreeting(transcript.AsSpan(GreetingSize));
            if (greeting.Span.StartsWith(Magic))
            {
                await stream.WriteAsync(transcript.AsMemory(GreetingSize), cancellationToken);
            }

            CheckGreeting(greeting.Span, "who connected");

            // (3)
            if (!await IsProvedAsync(stream, "client"u8.ToArray(), transcript, cancellationToken))
            {
                throw new TransportException(TransportFault.Unauthenticated, "who connected does not know the cluster secret");
            }

            // (4)
            await stream.WriteAsync(secret.Prove("server"u8, transcript), cancellationToken);
            return Secure(stream, transcript, isServer: true);
        }
        catch (EndOfStreamException e)
        {
            throw new TransportException(TransportFault.Malformed, "who connected hung up in the middle of the handshake", e);
        }
    }

    // (5)
    private SecuredStream Secure(Stream stream, byte[] transcript, bool isServer)
    {
        FrameSeal toServer = new(secret.Derive("client to server"u8, transcript));
        FrameSeal toClient = new(secret.Derive("server to client"u8, transcript));
        return isServer
            ? new SecuredStream(stream, Outgoing: toClient, Incoming: toServer)
            : new SecuredStream(stream, Outgoing: toServer, Incoming: toClient);
    }

    private async ValueTask<bool> IsProvedAsync(
        Stream stream, byte[] role, byte[] transcript, CancellationToken cancellationToken)
    {
        byte[] proof = new byte[ProofSize];
        await stream.ReadExactlyAsync(proof, cancellationToken);
        return CryptographicOperations.FixedTimeEquals(proof, secret.Prove(role, transcript));
    }

    private static void WriteGreeting(Span<byte> greeting)
    {
        greeting[..HeadSize].Clear();
        Magic.CopyTo(greeting);
        greeting[Magic.Length] = Version;
        RandomNumberGenerator.Fill(greeting.Slice(HeadSize, NonceSize));
    }

    private static void CheckGreeting(ReadOnlySpan<byte> greeting, string who)
    {
        if (!greeting.StartsWith(Magic))
        {
            throw new TransportException(
                TransportFault.Malformed,
                greeting[0] == Tls
                    ? $"{who} uses certificates, this node a cluster secret"
                    : $"{who} does not speak the protocol of the cluster port");
        }

        if (greeting[Magic.Length] != Version)
        {
            throw new TransportException(
                TransportFault.Incompatible,
                $"{who} uses version {greeting[Magic.Length]} of the handshake, this node version {Version}: update the older one");
        }
    }
}
