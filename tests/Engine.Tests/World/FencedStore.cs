using System.Data;
using Bots.Engine.Storage;

namespace Bots.Engine.Tests.World;

/// <summary>The real store, as far as this life of the engine reaches.</summary>
internal sealed class FencedStore(string file, Fence fence, Pulse pulse) : IStore, IDisposable
{
    private readonly SqliteStore _store = new(file);
    private volatile bool _closed;

    /// <summary>While this returns an exception, writes fail with it: the disk is full.</summary>
    public Func<StoreException?> Failure { get; init; } = () => null;

    public Task<T> Write<T>(Func<IWrite, T> work, CancellationToken cancellation = default) =>
        fence.Through(() => Failure() is { } failure ? Task.FromException<T>(failure) : _store.Write(Fenced(work), cancellation));

    public T Read<T>(Func<IDbConnection, T> work) => _closed ? throw new InvalidOperationException("The engine is dead.") : _store.Read(work);

    /// <summary>Writes that have begun end here, one way or the other; after it, nothing is written any more.</summary>
    public void Dispose()
    {
        _store.Dispose();
        _closed = true;
    }

    private Func<IWrite, T> Fenced<T>(Func<IWrite, T> work) => write =>
    {
        if (fence.IsDead) throw new InvalidOperationException("The engine is dead.");
        write.AfterCommit(() =>
        {
            if (fence.Doom is { } doom && _store.Read(doom)) fence.Kill();
            pulse.Beat();
        });
        return work(new FencedWrite(write, fence));
    };

    private sealed class FencedWrite(IWrite write, Fence fence) : IWrite
    {
        public IDbConnection Db => write.Db;

        public Statement Prepared(string sql) => write.Prepared(sql);

        public void AfterCommit(Action action) => write.AfterCommit(() =>
        {
            if (!fence.IsDead) action();
        });
    }
}
