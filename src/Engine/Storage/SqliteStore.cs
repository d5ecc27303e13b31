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

    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly BlockingCollection<Work> _queue = new(boundedCapacity: 8192);
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
        _writer.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
        Migrations.Apply(_writer);
        _reserve = new StoreReserve(file + ".reserve");
        _reserve.Take();
        _thread = new Thread(Run) { IsBackground = true, Name = "store" };
        _thread.Start();
    }

    public Task<T> Write<T>(Func<IWrite, T> work, CancellationToken cancellation = default)
    {
        var item = new Work<T>(work);
        try
        {
            _queue.Add(item, cancellation);
        }
        catch (InvalidOperationException e)
        {
            return Task.FromException<T>(new StoreException("The store is closed.", e));
        }

        return item.Task;
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
        _queue.CompleteAdding();
        _thread.Join();
        while (_readers.TryTake(out var reader)) reader.Dispose();
        _writer.Dispose();
        _queue.Dispose();
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
        var batch = new List<Work>(MostPerCommit);
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);
            while (batch.Count < MostPerCommit && _queue.TryTake(out var next)) batch.Add(next);
            Commit(batch);
        }
    }

    private void Commit(List<Work> batch)
    {
        try
        {
            _writer.Execute("BEGIN IMMEDIATE");
            foreach (var work in batch) Step(work);
            _writer.Execute("COMMIT");
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
    }

    /// <summary>What is written next, that this failed, finds room in the reserve.</summary>
    private StoreException Failure(SqliteException e)
    {
        if (e.SqliteErrorCode != SQLitePCL.raw.SQLITE_FULL) return new StoreException($"The store could not be written: {e.Message}", e);
        _wasFull = true;
        _reserve.GiveUp();
        return new StoreException("The disk of the machine I run on is full. Whoever runs this service has to free space; then ask again.", e);
    }

    private void Step(Work work)
    {
        _writer.Execute("SAVEPOINT work");
        if (!work.Run(_writer)) _writer.Execute("ROLLBACK TO work");
        _writer.Execute("RELEASE work");
    }

    private void RollBack()
    {
        // After some failures (a full disk) SQLite has rolled back by itself.
        if (SQLitePCL.raw.sqlite3_get_autocommit(_writer.Handle) == 0) _writer.Execute("ROLLBACK");
    }

    private abstract class Work : IWrite
    {
        private List<Action>? _after;

        public IDbConnection Db { get; private set; } = null!;

        public void AfterCommit(Action action) => (_after ??= []).Add(action);

        public bool Run(IDbConnection db)
        {
            Db = db;
            return Run();
        }

        public void Finish()
        {
            if (Succeeded) _after?.ForEach(action => action());
            Complete();
        }

        public abstract void Fail(Exception failure);

        protected abstract bool Succeeded { get; }

        protected abstract bool Run();

        protected abstract void Complete();
    }

    private sealed class Work<T>(Func<IWrite, T> work) : Work
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _value = default!;
        private Exception? _failure;

        public Task<T> Task => _done.Task;

        protected override bool Succeeded => _failure is null;

        public override void Fail(Exception failure) => _done.TrySetException(_failure ?? failure);

        protected override bool Run()
        {
            try
            {
                _value = work(this);
                return true;
            }
            catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR)
            {
                // The whole commit is lost, not just this work.
                throw;
            }
            catch (Exception e)
            {
                _failure = e;
                return false;
            }
        }

        protected override void Complete()
        {
            if (_failure is null) _done.TrySetResult(_value);
            else _done.TrySetException(_failure);
        }
    }
}
