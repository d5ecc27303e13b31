using System.Runtime.CompilerServices;
using System.Text;
using Bots.Sandbox.Wire;

namespace Bots.Sandbox.Sidecars;

/// <inheritdoc cref="IRunningCommand"/>
internal sealed class SidecarCommand(SidecarStream stream) : IRunningCommand
{
    public async IAsyncEnumerable<CommandOutput> Read([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var output in stream.Read(cancellation))
        {
            CommandOutput? next = output.Kind switch
            {
                OutputKind.Bytes => new CommandOutput.Output(output.Bytes),
                OutputKind.ErrorBytes => new CommandOutput.Error(output.Bytes),
                OutputKind.ErrorLine => new CommandOutput.Error(Encoding.UTF8.GetBytes(output.Text + "\n")),
                OutputKind.Exited => new CommandOutput.Exited(output.Code),
                _ => null,
            };
            if (next is not null) yield return next;
        }
    }

    public Task<bool> Write(ReadOnlyMemory<byte> input, CancellationToken cancellation) => stream.Write(input, end: false, cancellation);

    public Task EndInput(CancellationToken cancellation) => stream.Write(default, end: true, cancellation);

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
