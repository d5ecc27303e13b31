using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Bots.Engine.Storage;

/// <summary>
/// Moves committed pages from the write-ahead log into the database on a thread and a connection of its own, so that no commit waits
/// for it. The log begins anew only when all of it was moved, which under a steady load is never the case at the end of such a round:
/// once the log is long, the writer is asked to move the few pages that came meanwhile between two commits.
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    /// <summary>Pages of 4 KiB that come to the log before a round.</summary>
    private const int Every = 1000;

    /// <summary>Pages from which on the writer helps to begin the log anew.</summary>
    private const int Long = 4 * Every;

    private readonly SqliteConnection _connection;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private volatile bool _closed;
    private volatile bool _helpWanted;
    private int _since;

    public Checkpointer(SqliteConnection connection)
    {
        _connection = connection;
        _thread = new Thread(Run) { IsBackground = true, Name = "checkpoint" };
        _thread.Start();
    }

    /// <summary>The writer says after each commit how many pages it came to.</summary>
    public void Committed(SqliteConnection writer)
    {
        raw.sqlite3_db_status(writer.Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1);
        _since += pages;
        if (_helpWanted)
        {
            _helpWanted = false;
            _ = Move(writer);
        }
        else if (_since >= Every)
        {
            _since = 0;
            _wake.Set();
        }
    }

    public void Dispose()
    {
        _closed = true;
        _wake.Set();
        _thread.Join();
        _connection.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        while (_wake.WaitOne() && !_closed) _helpWanted = Move(_connection) >= Long;
    }

    /// <returns>How long the log is, in pages; -1 when it could not be moved. What was not moved is moved by a later round.</returns>
    private static int Move(SqliteConnection connection) =>
        raw.sqlite3_wal_checkpoint_v2(connection.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var length, out _) == raw.SQLITE_OK ? length : -1;
}
