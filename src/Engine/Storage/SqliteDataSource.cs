using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Bots.Engine.Storage;

/// <summary>
/// Connections to the store's file for a library that brings SQL of its own. A transaction waits up to 30 s for the store's
/// writer, whose transactions are short; the file itself is opened, and brought up to date, by <see cref="SqliteStore"/>.
/// </summary>
public sealed class SqliteDataSource(string file) : DbDataSource
{
    public override string ConnectionString { get; } =
        new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 30 }.ToString();

    protected override DbConnection CreateDbConnection()
    {
        SqliteEngine.Use();
        var connection = new SqliteConnection(ConnectionString);
        connection.StateChange += Prepare;
        return connection;
    }

    private static void Prepare(object sender, StateChangeEventArgs change)
    {
        if (change.CurrentState != ConnectionState.Open) return;
        ((SqliteConnection)sender).Execute("PRAGMA busy_timeout=30000; PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL;");
    }
}
