using System.Runtime.InteropServices;
using SQLitePCL;

namespace Bots.Engine.Storage;

/// <summary>Points the managed SQLite provider at the system's library, which the operating system keeps patched.</summary>
internal static class SqliteEngine
{
    private static readonly Lazy<bool> Ready = new(Load);

    public static void Use() => _ = Ready.Value;

    private static bool Load()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (name, assembly, path) =>
            name == "e_sqlite3" ? NativeLibrary.Load("libsqlite3.so.0", assembly, path) : IntPtr.Zero);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        // Nobody asks SQLite how much memory it holds, and counting it takes a lock for each piece.
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
        Columns.Register();
        return true;
    }
}
