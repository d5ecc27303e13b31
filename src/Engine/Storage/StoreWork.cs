using System.Data;
using Microsoft.Data.Sqlite;

namespace Bots.Engine.Storage;

/// <summary>One piece of work for the store's writer, with whoever waits for it.</summary>
internal abstract class StoreWork : IWrite
{
    private Statements _statements = null!;
    private List<Action>? _after;
    private bool _isGuarded;
    private bool _isOnly;

    /// <summary>Behind a savepoint, from the first use on: a write that fails takes nothing of the others with it.</summary>
    public IDbConnection Db => Guarded().Connection;

    public Statement Prepared(string sql) => Guarded().Get(sql);

    public Statement Only(string sql)
    {
        if (_isGuarded || _isOnly) throw new InvalidOperationException("This write has another statement.");
        _isOnly = true;
        return _statements.Get(sql);
    }

    public void AfterCommit(Action action) => (_after ??= []).Add(action);

    /// <summary>Where it fails by itself, what it wrote goes and its neighbours stay.</summary>
    public void Run(Statements statements)
    {
        _statements = statements;
        var isWell = Run();
        if (!_isGuarded) return;
        if (!isWell) statements.Get("ROLLBACK TO work").Run();
        statements.Get("RELEASE work").Run();
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

    /// <returns>False when it failed by itself.</returns>
    protected abstract bool Run();

    protected abstract void Complete();

    private Statements Guarded()
    {
        if (_isGuarded) return _statements;
        if (_isOnly) throw new InvalidOperationException("This write was to have one statement.");
        _statements.Get("SAVEPOINT work").Run();
        _isGuarded = true;
        return _statements;
    }
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
