using System.Diagnostics.Metrics;
using Bots.Engine.Storage;
using Bots.Engine.Telemetry;

namespace Bots.Engine.Tests;

/// <summary>A real store in a folder of its own.</summary>
public sealed class TemporaryStore : IDisposable
{
    private readonly DirectoryInfo _directory = World.TestDirectory.Create();

    private bool _isClosed;

    public TemporaryStore()
    {
        Store = new SqliteStore(File);
        Metrics = new EngineMetrics(new Meter("unheard"), Clock);
    }

    public string File => Path.Combine(_directory.FullName, "bots.db");

    public SqliteStore Store { get; private set; }

    public ManualTimeProvider Clock { get; } = new(new World.Pulse());

    public EngineMetrics Metrics { get; }

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
