using Dapper;
using Microsoft.Data.Sqlite;

namespace Bots.Engine.Storage;

/// <summary>The store's file as a whole: whether it is sound, and a copy of it. Neither changes anything in it.</summary>
public static class StoreFile
{
    private const int MostProblems = 3;

    /// <summary>Reads all of it, with what is in its write-ahead log.</summary>
    /// <returns>What is wrong with it; null when it is sound, or not there.</returns>
    public static string? Problem(string file)
    {
        if (!File.Exists(file)) return null;
        try
        {
            using var connection = Open(file);
            var found = connection.Query<string>($"PRAGMA quick_check({MostProblems})").ToList();
            return found is ["ok"] ? null : string.Join("; ", found.Take(MostProblems)).ReplaceLineEndings(" ");
        }
        catch (SqliteException e)
        {
            return e.Message;
        }
    }

    /// <summary>Copies it as it is at one moment, beside a service that writes. The copy is checked, and there only when it is whole.</summary>
    /// <exception cref="IOException">The target is there already, or cannot be written.</exception>
    /// <exception cref="StoreException">The store cannot be read, or what was written is not sound.</exception>
    public static void Backup(string file, string target)
    {
        if (File.Exists(target)) throw new IOException($"{target} is there already.");
        var part = target + ".part";
        try
        {
            // An empty file is taken for the copy; made by us, nobody else can read it.
            using (File.Open(part, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OperatingSystem.IsWindows() ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            using (var connection = Open(file))
            {
                connection.Execute("VACUUM INTO @part", new { part }, commandTimeout: 0);
            }

            if (Problem(part) is { } problem) throw new IOException($"what was written is not sound: {problem}");
            using (var written = File.OpenHandle(part, access: FileAccess.ReadWrite)) RandomAccess.FlushToDisk(written);
            File.Move(part, target);
        }
        catch (SqliteException e)
        {
            throw new StoreException($"{file} cannot be copied: {e.Message}", e);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static SqliteConnection Open(string file)
    {
        SqliteEngine.Use();
        // Read-only, it does not even bring the write-ahead log into the file.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 0 }.ToString());
        connection.Open();
        connection.Execute("PRAGMA busy_timeout=30000");
        return connection;
    }
}
