using Cairn.Cluster.Transport;
using Cairn.Drives;
using Xunit;

namespace Cairn.UnitTests.Cluster.RemoteDrives;

// Enumerations of other projects that go over the wire as numbers: whoever renumbers one finds out here.
public sealed class WireNumbersTests
{
    [Fact]
    public void Faults_keep_their_numbers() => Assert.Equal(
        ["None", "Offline", "Timeout", "Full", "Io", "Corrupt", "Poisoned", "NotFound", "Busy", "NewerFormat", "Superseded", "Fenced"],
        Enum.GetNames<DriveFault>());

    [Fact]
    public void States_keep_their_numbers() =>
        Assert.Equal(["Online", "Recovering", "Offline", "Poisoned"], Enum.GetNames<DriveState>());

    [Fact]
    public void Services_keep_their_numbers() =>
        Assert.Equal((1, 2, 3), (ServiceNumbers.Drives, ServiceNumbers.Membership, ServiceNumbers.Layout));
}
