using System.Data;
using Microsoft.Data.Sqlite;

namespace Bots.Engine.Storage;

/// <summary>One piece of work for the store's writer, with whoever waits for it.</summary>
internal abstract class StoreWork : IWrite
{
    private Statements _statements = null!;
    private List<Action>? _after;

    public IDbConnection Db => _statements.Connection;

    public Statement Prepared(string sql) => _statements.Get(sql);

    public void AfterCommit(Action action) => (_after ??= []).Add(action);

    /// <returns>False when it failed by itself: what it wrote has to go, its neighbours stay.</returns>
    public bool Run(Statements statements)
    {
        _statements = statements;
        return Run();
    }

    /// <summary>The commit is on disk.</summary>
    public void Finish()
    {
        if (Succeeded) _after?.ForEach(action => action());
        Complete();
    }

    /// <summary>The commit failed, and this work with it.</summary>
    public abstract void Fail(Exception failure);

    protected abstract bool Succeeded { get; }

    protected abstract bool Run();

    protected abstract void Complete();
}

internal sealed class StoreWork<T>(Func<IWrite, T> work) : StoreWork
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
