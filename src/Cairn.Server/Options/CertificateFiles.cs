namespace Cairn.Server.Options;

/// <summary>A certificate chain and its private key, both in PEM.</summary>
internal sealed record CertificateFiles(string ChainPath, string KeyPath);
