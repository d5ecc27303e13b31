using System.Runtime.InteropServices;

namespace Bots.Sandbox.Sidecars;

/// <summary>
/// A terminal in a sandbox with a program on it. It lives until it is closed or disposed of, the program ends, the sandbox is stopped,
/// or the service restarts; a cut of the sidecar's socket goes unnoticed.
/// </summary>
public interface ITerminal : IAsyncDisposable
{
    /// <summary>What goes to the screen, as it comes; ends when the program has ended. Once only. Nothing is left out: unread, the program waits.</summary>
    /// <exception cref="SandboxException">The sandbox was lost.</exception>
    IAsyncEnumerable<ReadOnlyMemory<byte>> Read(CancellationToken cancellation);

    /// <summary>What is typed. Ctrl+C, for example, is the byte 3.</summary>
    /// <returns>False when the terminal is closed.</returns>
    Task<bool> Write(ReadOnlyMemory<byte> keys, CancellationToken cancellation);

    /// <summary>Tells the program (SIGWINCH) that the window has another size.</summary>
    Task Resize(TerminalSize size, CancellationToken cancellation);

    /// <summary>The program's exit code, once <see cref="Read"/> has come to its end: 128 + signal when a signal ended it, 127 when it was not found.</summary>
    Task<int> ExitCode { get; }

    /// <summary>Hangs up: the program and what it started are ended.</summary>
    Task Close();
}

/// <summary>In characters, each from 1 to 4096.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TerminalSize(int Columns, int Rows)
{
    public static TerminalSize Usual { get; } = new(80, 24);
}

/// <param name="Command">The program, by default the sandbox's shell.</param>
public sealed record TerminalRequest(string Command = "/bin/sh", params IReadOnlyList<string> Arguments)
{
    public TerminalSize Size { get; init; } = TerminalSize.Usual;

    public string WorkingDirectory { get; init; } = "/workspace";

    /// <summary>Added to the sandbox's own. <c>TERM</c> is <c>xterm-256color</c> unless it is given here.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
