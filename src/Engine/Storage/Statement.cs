using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Bots.Engine.Storage;

/// <summary>
/// SQL that was prepared once and is run many times, for what happens with every delivery: preparing costs more than running.
/// Parameters are bound in the order in which they stand in the SQL. Belongs to the writer: never keep one beyond the write.
/// </summary>
public sealed class Statement : IDisposable
{
    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _statement;
    private int _bound;

    internal Statement(SqliteConnection connection, string sql)
    {
        _db = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(_db, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public Statement Bind(string? text)
    {
        Check(text is null ? raw.sqlite3_bind_null(_statement, ++_bound) : raw.sqlite3_bind_text(_statement, ++_bound, text));
        return this;
    }

    public Statement Bind(long number)
    {
        Check(raw.sqlite3_bind_int64(_statement, ++_bound, number));
        return this;
    }

    public Statement Bind(ReadOnlySpan<byte> bytes)
    {
        // A span of nothing has no address, which SQLite would take for NULL.
        Check(bytes.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, ++_bound, 0) : raw.sqlite3_bind_blob(_statement, ++_bound, bytes));
        return this;
    }

    /// <returns>How many rows it inserted, changed or deleted.</returns>
    /// <exception cref="SqliteException">It could not be run.</exception>
    public int Run()
    {
        var outcome = raw.sqlite3_step(_statement);
        // Resetting says again what went wrong; and however it went, the next one finds it as new.
        var rows = outcome == raw.SQLITE_DONE ? raw.sqlite3_changes(_db) : 0;
        var reset = raw.sqlite3_reset(_statement);
        raw.sqlite3_clear_bindings(_statement);
        _bound = 0;
        if (outcome is not (raw.SQLITE_DONE or raw.SQLITE_ROW)) Check(reset == raw.SQLITE_OK ? outcome : reset);
        return rows;
    }

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code == raw.SQLITE_OK) return;
        _bound = 0;
        SqliteException.ThrowExceptionForRC(code, _db);
    }
}

/// <summary>The statements of one connection, each prepared when it is first asked for.</summary>
internal sealed class Statements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, Statement> _prepared = new(StringComparer.Ordinal);

    public SqliteConnection Connection => connection;

    public Statement Get(string sql)
    {
        if (!_prepared.TryGetValue(sql, out var statement)) _prepared.Add(sql, statement = new Statement(connection, sql));
        return statement;
    }

    public void Dispose()
    {
        foreach (var statement in _prepared.Values) statement.Dispose();
    }
}
