using Bots.Engine.Storage;

namespace Bots.Engine.Tests;

/// <summary>A real store in a folder of its own.</summary>
public sealed class TemporaryStore : IDisposable
{
    private readonly DirectoryInfo _directory = World.TestDirectory.Create();

    private bool _isClosed;

    public TemporaryStore() => Store = new SqliteStore(File);

    public string File => Path.Combine(_directory.FullName, "bots.db");

    public SqliteStore Store { get; private set; }

    public ManualTimeProvider Clock { get; } = new(new World.Pulse());

    /// <summary>As after a restart of the service.</summary>
    public SqliteStore Reopen()
    {
        Store.Dispose();
        return Store = new SqliteStore(File);
    }

    /// <summary>Leaves the file to the test.</summary>
    public void Close()
    {
        if (!_isClosed) Store.Dispose();
        _isClosed = true;
    }

    public void Dispose()
    {
        Close();
        _directory.Delete(recursive: true);
    }
}
