using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Bots.Tests.Gateway;

/// <summary>Keeps every line the gateway logs, exceptions included.</summary>
internal sealed class RecordingLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Channel<string> _gateway = Channel.CreateUnbounded<string>();

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Waits for a line of the gateway that holds these words.</summary>
    public async Task<string> Wait(string words)
    {
        while (true)
        {
            var line = await _gateway.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            if (line.Contains(words, StringComparison.Ordinal)) return line;
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() => _gateway.Writer.TryComplete();

    private sealed class Logger(RecordingLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = $"{logLevel} {formatter(state, exception)} {exception}";
            log._lines.Enqueue(line);
            if (category.StartsWith("Bots.", StringComparison.Ordinal)) log._gateway.Writer.TryWrite(line);
        }
    }
}
