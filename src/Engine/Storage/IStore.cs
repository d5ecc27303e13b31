using System.Data;

namespace Bots.Engine.Storage;

/// <summary>The one durable store. Writes are serial and share commits; reads see the last commit.</summary>
public interface IStore
{
    /// <summary>Runs <paramref name="work"/> in a transaction of its own.</summary>
    /// <returns>What it returned, once it is on disk. When it throws, nothing it did remains and the exception comes back.</returns>
    /// <exception cref="StoreException">It could not be committed (disk full, store closed).</exception>
    Task<T> Write<T>(Func<IWrite, T> work, CancellationToken cancellation = default);

    /// <summary>Reads a consistent picture.</summary>
    T Read<T>(Func<IDbConnection, T> work);
}

/// <summary>A write in progress.</summary>
public interface IWrite
{
    IDbConnection Db { get; }

    /// <summary>The statement for this SQL, prepared once and kept. For what happens with every delivery; otherwise <see cref="Db"/> will do.</summary>
    Statement Prepared(string sql);

    /// <summary>Runs when, and only when, the write is on disk. Must not throw or block: it wakes somebody.</summary>
    void AfterCommit(Action action);
}

/// <summary>The store could not write. The message may be shown to operators and people alike.</summary>
public sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);

public static class StoreExtensions
{
    public static Task Write(this IStore store, Action<IWrite> work, CancellationToken cancellation = default) =>
        store.Write(write =>
        {
            work(write);
            return true;
        }, cancellation);
}
