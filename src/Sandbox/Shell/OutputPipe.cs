using System.IO.Pipes;
using System.Security.Cryptography;

namespace Bots.Sandbox.Shell;

/// <summary>
/// What one command writes to one of its outputs. When the command has ended, we write a mark into the pipe ourselves, and so know when
/// all it wrote before has been read, also when something in the background keeps the pipe open. The mark is random and not in the
/// jail before then: nothing in there can write it.
/// </summary>
internal sealed class OutputPipe
{
    const int MarkBytes = 32;
    readonly byte[] _mark = RandomNumberGenerator.GetBytes(MarkBytes);
    readonly BoundedOutput _output;
    readonly PipeStream _reading;
    readonly PipeStream _writing;
    readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OutputPipe(string path, int limit)
    {
        _output = new BoundedOutput(limit);
        (_reading, _writing) = NamedPipe.Create(path);
        _ = ReadAll();
    }

    /// <summary>The command has ended.</summary>
    /// <returns>All it wrote.</returns>
    public async Task<BoundedOutput> Complete()
    {
        await _writing.WriteAsync(_mark);
        await _writing.DisposeAsync();
        await _complete.Task;
        return _output;
    }

    /// <summary>Nobody will ask for what it wrote.</summary>
    public void Abandon() => _writing.Dispose();

    /// <summary>Reads on after the mark, so that a background process which goes on writing neither waits nor ends for it.</summary>
    async Task ReadAll()
    {
        await using (_reading)
        {
            var buffer = new byte[64 * 1024];
            var held = 0;
            while (await _reading.ReadAsync(buffer.AsMemory(held)) is var read and > 0)
            {
                if (_complete.Task.IsCompleted) continue;

                // The mark may arrive in pieces: what could be its beginning is held back.
                var bytes = buffer.AsMemory(0, held + read);
                var mark = bytes.Span.IndexOf(_mark);
                var sure = mark >= 0 ? mark : Math.Max(0, bytes.Length - MarkBytes + 1);
                _output.Add(bytes.Span[..sure]);
                held = mark >= 0 ? 0 : bytes.Length - sure;
                bytes.Span.Slice(sure, held).CopyTo(buffer);
                if (mark >= 0) _complete.SetResult();
            }

            _complete.TrySetResult();
        }
    }
}
