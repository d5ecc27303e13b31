using System.Runtime.CompilerServices;
using System.Text;
using Bots.Sandbox.Wire;

namespace Bots.Sandbox.Sidecars;

/// <inheritdoc cref="ITerminal"/>
internal sealed class SidecarTerminal(SidecarStream stream) : ITerminal
{
    readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<int> ExitCode => _exit.Task;

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> Read([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var output in stream.Read(cancellation))
        {
            if (output.Kind == OutputKind.Bytes) yield return output.Bytes;
            else if (output is { Kind: OutputKind.ErrorLine, Text: { } text }) yield return Encoding.UTF8.GetBytes(text + "\r\n");
            else if (output.Kind == OutputKind.Exited) _exit.TrySetResult(output.Code ?? -1);
        }
    }

    public Task<bool> Write(ReadOnlyMemory<byte> keys, CancellationToken cancellation) => stream.Write(keys, end: false, cancellation);

    public Task Resize(TerminalSize size, CancellationToken cancellation) => stream.Resize(size.Columns, size.Rows, cancellation);

    public async Task Close() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        _exit.TrySetCanceled();
    }
}
