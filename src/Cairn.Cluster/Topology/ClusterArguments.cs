using System.Security.Cryptography;
using System.Text;

namespace Cairn.Cluster.Topology;

/// <summary>What must be the same on every node: the endpoints, and the settings that shape the store.</summary>
/// <remarks>
/// Purpose: nodes compare fingerprints, which cost nothing to send; where they differ, they exchange the whole and name
/// the difference. No secrets belong here: send it over authenticated links all the same.
/// </remarks>
public sealed class ClusterArguments
{
    private readonly SortedDictionary<string, string> _settings;

    /// <param name="topology">The endpoints.</param>
    /// <param name="settings">Name and value as users know them; only those that all nodes must agree on.</param>
    public ClusterArguments(ClusterTopology topology, IEnumerable<KeyValuePair<string, string>> settings)
        : this([.. topology.Endpoints.Select(endpoint => endpoint.ToString())], settings)
    {
    }

    /// <param name="endpoints">As another node sent them.</param>
    /// <param name="settings">As another node sent them; of repeated names the last counts.</param>
    public ClusterArguments(IReadOnlyList<string> endpoints, IEnumerable<KeyValuePair<string, string>> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Endpoints = [.. endpoints.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        _settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in settings)
        {
            _settings[name] = value;
        }

        Fingerprint = ComputeFingerprint();
    }

    /// <summary>In their one notation, sorted.</summary>
    public IReadOnlyList<string> Endpoints { get; }

    public IReadOnlyDictionary<string, string> Settings => _settings;

    /// <summary>64 lower-case hexadecimal digits; equal exactly when everything is.</summary>
    public string Fingerprint { get; }

    /// <summary>Names what differs.</summary>
    /// <param name="other">The arguments of another node.</param>
    /// <param name="name">What this node is called.</param>
    /// <param name="otherName">What the other one is called.</param>
    /// <returns>Sentences; empty when nothing differs.</returns>
    public IReadOnlyList<string> FindDifferences(ClusterArguments other, string name, string otherName)
    {
        ArgumentNullException.ThrowIfNull(other);
        IEnumerable<string> names = _settings.Keys.Union(other._settings.Keys).Order(StringComparer.Ordinal);
        return
        [
            .. Endpoints.Except(other.Endpoints, StringComparer.Ordinal)
                .Select(endpoint => $"{endpoint} is given on {name} and not on {otherName}."),
            .. other.Endpoints.Except(Endpoints, StringComparer.Ordinal)
                .Select(endpoint => $"{endpoint} is given on {otherName} and not on {name}."),
            .. names
                .Where(key => _settings.GetValueOrDefault(key) != other._settings.GetValueOrDefault(key))
                .Select(key => $"{key} is {Show(key)} on {name} and {other.Show(key)} on {otherName}."),
        ];
    }

    /// <summary>One of the two has all endpoints of the other, some set aside: it proposes, and contradicts nothing.</summary>
    /// <param name="other">The arguments of another node.</param>
    /// <param name="isSetAside">Endpoints that do not matter.</param>
    public bool AreNested(ClusterArguments other, Func<string, bool> isSetAside)
    {
        ArgumentNullException.ThrowIfNull(other);
        HashSet<string> own = [.. Endpoints.Where(endpoint => !isSetAside(endpoint))];
        HashSet<string> others = [.. other.Endpoints.Where(endpoint => !isSetAside(endpoint))];
        return own.IsSubsetOf(others) || others.IsSubsetOf(own);
    }

    /// <summary>The same settings with the endpoints of another node, to tell whether anything else differs.</summary>
    public ClusterArguments WithEndpointsOf(ClusterArguments other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new ClusterArguments(other.Endpoints, _settings);
    }

    private string Show(string key) => _settings.TryGetValue(key, out string? value) ? $"'{value}'" : "not set";

    private string ComputeFingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string endpoint in Endpoints)
        {
            Append("endpoint", endpoint);
        }

        foreach ((string key, string value) in _settings)
        {
            Append(key, value);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        // Lengths first: no two lists may come to the same bytes.
        void Append(string key, string value) =>
            hash.AppendData(Encoding.UTF8.GetBytes($"{key.Length}:{key}={value.Length}:{value}\n"));
    }
}
