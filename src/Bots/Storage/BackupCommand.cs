using Bots.Engine.Storage;

namespace Bots.Storage;

/// <summary><c>backup FILE</c>: copies the database, whether a service runs on it or not.</summary>
internal static class BackupCommand
{
    /// <summary>EX_USAGE of sysexits.h.</summary>
    public const int Misused = 64;

    public static bool IsGiven(string[] arguments) => arguments is ["backup", ..];

    /// <returns>0 when the backup is there; 1 when it is not; 64 when it was asked for wrongly.</returns>
    public static int Run(string[] arguments, IConfiguration configuration, TextWriter output, TextWriter error)
    {
        if (arguments is not ["backup", { Length: > 0 } name] || name.StartsWith('-'))
        {
            error.WriteLine("Usage: backup FILE, where FILE is not there yet. Which database is meant, Bots:DataDirectory says.");
            return Misused;
        }

        var paths = DataDirectory.Paths(configuration);
        var file = Path.GetFullPath(name);
        if (!File.Exists(paths.Database))
        {
            error.WriteLine($"There is no database {paths.Database}. Set Bots:DataDirectory as it is set for the service.");
            return 1;
        }

        try
        {
            StoreFile.Backup(paths.Database, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StoreException)
        {
            error.WriteLine($"No backup was made: {e.Message}");
            return 1;
        }

        output.WriteLine($"{paths.Database} is backed up to {file} ({new FileInfo(file).Length:N0} bytes).");
        return 0;
    }
}
