using Microsoft.Extensions.Logging;

namespace Bots.Engine.Tests.World;

/// <summary>The engine's log, beside the result of the test. The dead say nothing.</summary>
internal sealed class TestLog(ITestOutputHelper? output, Fence life) : ILoggerProvider, ILogger
{
    private volatile ITestOutputHelper? _output = output;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => !life.IsDead;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!life.IsDead) _output?.WriteLine($"{logLevel}: {formatter(state, exception)} {exception}");
    }

    /// <summary>What comes later belongs to no test.</summary>
    public void Dispose() => _output = null;
}
