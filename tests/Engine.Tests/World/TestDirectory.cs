namespace Bots.Engine.Tests.World;

/// <summary>A folder for one test, in memory where the system has that: how fast a disk is proves nothing here.</summary>
internal static class TestDirectory
{
    private const string Memory = "/dev/shm";

    public static DirectoryInfo Create()
    {
        var directory = new DirectoryInfo(Path.Combine(Directory.Exists(Memory) ? Memory : Path.GetTempPath(), $"bots-test-{Guid.NewGuid():N}"));
        directory.Create();
        return directory;
    }
}
