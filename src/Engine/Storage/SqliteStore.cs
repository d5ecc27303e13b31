using System.Collections.Concurrent;
using System.Data;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Bots.Engine.Storage;

/// <summary>
/// SQLite in WAL mode with <c>synchronous=FULL</c>. One thread writes: whatever is waiting when a commit begins shares that
/// commit, each piece of work behind a savepoint of its own.
/// </summary>
public sealed class SqliteStore : IStore, IDisposable
{
    private const int MostPerCommit = 512;
    private const int MostWaiting = 8192;

    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly Statements _statements;
    private readonly Checkpointer _checkpointer;
    private readonly StoreQueue _queue = new(MostWaiting);
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly Thread _thread;
    private readonly StoreReserve _reserve;
    private bool _wasFull;

    /// <summary>Opens the file, makes it when there is none, and brings it to the newest migration.</summary>
    public SqliteStore(string file)
    {
        SqliteEngine.Use();
        _connectionString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 30 }.ToString();
        _writer = Open();
        // What a savepoint may have to put back is kept in memory: it would make and remove a file with every commit.
        _writer.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY;");
        Migrations.Apply(_writer);
        _reserve = new StoreReserve(file + ".reserve");
        _reserve.Take();
        _statements = new Statements(_writer);
        _checkpointer = new Checkpointer(Open());
        _thread = new Thread(Run) { IsBackground = true, Name = "store" };
        _thread.Start();
    }

    public Task<T> Write<T>(Func<IWrite, T> work, CancellationToken cancellation = default)
    {
        if (cancellation.IsCancellationRequested) return Task.FromCanceled<T>(cancellation);
        var item = new StoreWork<T>(work);
        return _queue.Add(item) ? item.Task : Task.FromException<T>(new StoreException("The store is closed."));
    }

    public T Read<T>(Func<IDbConnection, T> work)
    {
        if (!_readers.TryTake(out var connection)) connection = Open();
        try
        {
            return work(connection);
        }
        finally
        {
            _readers.Add(connection);
        }
    }

    public void Dispose()
    {
        _queue.Close();
        _thread.Join();
        _checkpointer.Dispose();
        while (_readers.TryTake(out var reader)) reader.Dispose();
        _statements.Dispose();
        _writer.Dispose();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        connection.Execute("PRAGMA busy_timeout=30000; PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL;");
        return connection;
    }

    private void Run()
    {
        var batch = new List<StoreWork>(MostPerCommit);
        while (_queue.Take(batch, MostPerCommit)) Commit(batch);
    }

    private void Commit(List<StoreWork> batch)
    {
        try
        {
            Execute("BEGIN IMMEDIATE");
            foreach (var work in batch) Step(work);
            Execute("COMMIT");
        }
        catch (SqliteException e)
        {
            RollBack();
            var failure = Failure(e);
            foreach (var work in batch) work.Fail(failure);
            return;
        }

        foreach (var work in batch) work.Finish();
        if (_wasFull) _wasFull = !_reserve.Take();
        _checkpointer.Committed(_writer);
    }

    /// <summary>What is written next, that this failed, finds room in the reserve.</summary>
    private StoreException Failure(SqliteException e)
    {
        if (e.SqliteErrorCode != SQLitePCL.raw.SQLITE_FULL) return new StoreException($"The store could not be written: {e.Message}", e);
        _wasFull = true;
        _reserve.GiveUp();
        return new StoreException("The disk of the machine I run on is full. Whoever runs this service has to free space; then ask again.", e);
    }

    private void Step(StoreWork work)
    {
        Execute("SAVEPOINT work");
        if (!work.Run(_statements)) Execute("ROLLBACK TO work");
        Execute("RELEASE work");
    }

    private void RollBack()
    {
        // After some failures (a full disk) SQLite has rolled back by itself.
        if (SQLitePCL.raw.sqlite3_get_autocommit(_writer.Handle) == 0) Execute("ROLLBACK");
    }

    private void Execute(string sql) => _statements.Get(sql).Run();
}
