using Bots.Engine.Sandboxes;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Faults.Breaks;

/// <summary>Others on the same machine who are in the service's way.</summary>
internal static class Disturbance
{
    private const int Block = 1 << 20;

    /// <summary>Holds the database's write lock.</summary>
    public static async Task Write(SandboxPaths paths, TimeSpan time)
    {
        await using var source = new SqliteDataSource(paths.Database);
        await using var db = await source.OpenConnectionAsync();
        await db.ExecuteAsync("BEGIN IMMEDIATE");
        await Task.Delay(time, TimeProvider.System);
        await db.ExecuteAsync("ROLLBACK");
    }

    /// <summary>Fills a disk to its last byte.</summary>
    /// <param name="disk">A folder on it.</param>
    public static async Task Fill(string disk, TimeSpan time)
    {
        var file = Path.Combine(disk, "filled");
        var block = new byte[Block];
        try
        {
            await using (var filling = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                for (var size = block.Length; size > 0; size = Fits(filling, block.AsSpan(0, size)) ? size : size / 2)
                {
                }
            }

            await Task.Delay(time, TimeProvider.System);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static bool Fits(FileStream filling, ReadOnlySpan<byte> bytes)
    {
        try
        {
            filling.Write(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
