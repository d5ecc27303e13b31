using Microsoft.Extensions.Logging;

namespace Bots.Tests.EndToEnd;

/// <summary>The service's log, beside the result of the test.</summary>
internal sealed class TestLog(ITestOutputHelper? output) : ILoggerProvider, ILogger
{
    private volatile ITestOutputHelper? _output = output;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _output?.WriteLine($"{logLevel}: {formatter(state, exception)} {exception}");

    /// <summary>What comes later belongs to no test.</summary>
    public void Dispose() => _output = null;
}
