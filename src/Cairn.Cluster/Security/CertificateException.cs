namespace Cairn.Cluster.Security;

/// <summary>The certificates of this node cannot be used. The message is for the operator.</summary>
public sealed class CertificateException(string message, Exception? inner = null) : Exception(message, inner);
