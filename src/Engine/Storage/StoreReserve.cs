namespace Bots.Engine.Storage;

/// <summary>
/// Space set aside beside the database. When the disk is full it is given up, so that the store can still write down, and people
/// can be told, that the disk is full.
/// </summary>
internal sealed class StoreReserve(string file)
{
    private const long Bytes = 16 * 1024 * 1024;

    /// <summary>Bytes that must be free before it is set aside.</summary>
    public const long Wanted = 4 * Bytes;

    /// <summary>Sets the space aside, unless the disk is nearly full already. Never throws for what a disk does: the store's thread must live.</summary>
    /// <returns>True when it is set aside.</returns>
    public bool Take()
    {
        if (File.Exists(file)) return true;
        try
        {
            if (new DriveInfo(Path.GetDirectoryName(file)!).AvailableFreeSpace < Wanted) return false;
            using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = Bytes });
            stream.SetLength(Bytes);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <returns>True when its space is free.</returns>
    public bool GiveUp()
    {
        try
        {
            File.Delete(file);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
