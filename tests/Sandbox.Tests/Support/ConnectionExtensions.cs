using Bots.Sandbox.Sidecars;

namespace Bots.Sandbox.Tests.Support;

internal static class ConnectionExtensions
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Runs a script with bash.</summary>
    public static Task<ExecResult> Bash(this ISandboxConnection sandbox, string script) =>
        sandbox.Exec(new ExecRequest("/bin/bash", ["-c", script]) { Timeout = TimeSpan.FromSeconds(20) }, Cancellation);

    public static Task StartBash(this ISandboxConnection sandbox, string process, string script) =>
        sandbox.Start(process, new ProcessStart("/bin/bash", ["-c", script]), Cancellation);

    public static async Task<List<ProcessOutput>> ReadToEnd(this ISandboxConnection sandbox, string process, long after = 0) =>
        await sandbox.Read(process, after, Cancellation).ToListAsync(Cancellation);

    /// <summary>Reads as the engine does: acknowledges what it has taken.</summary>
    public static async IAsyncEnumerable<ProcessOutput> ReadAndAcknowledge(this ISandboxConnection sandbox, string process, long after = 0)
    {
        await foreach (var output in sandbox.Read(process, after, Cancellation))
        {
            yield return output;
            await sandbox.Acknowledge(process, output.Number, Cancellation);
        }
    }

    public static async Task<List<ProcessOutput>> ReadSome(this ISandboxConnection sandbox, string process, int count, long after = 0) =>
        await sandbox.Read(process, after, Cancellation).Take(count).ToListAsync(Cancellation);

    public static IEnumerable<string> Texts(this IEnumerable<ProcessOutput> outputs) => outputs.OfType<ProcessOutput.Line>().Select(l => l.Text);
}
