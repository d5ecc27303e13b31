using Bots.Bench.Report;
using Bots.Bench.World;
using Bots.Sandbox;
using Bots.Sandbox.Bubblewrap;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Bench.Sandboxes;

/// <summary>A new sandbox until its sidecar is connected, beside bwrap alone and bwrap around the smallest .NET program.</summary>
public static class SandboxBench
{
    private const int WarmUps = 2;
    private const int Starts = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string[] Bare = ["--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"];

    public static async Task<IReadOnlyList<Line>> Run()
    {
        var directory = Directory.CreateTempSubdirectory("bots-bench-");
        try
        {
            // In turns, so that whatever else the machine does meets all three alike.
            var (ours, empty, hello) = (new List<double>(), new List<double>(), new List<double>());
            await using var starts = await SandboxStarts.Prepare(directory.FullName);
            for (var i = -WarmUps; i < Starts; i++)
            {
                var (sandbox, nothing, program) = (await starts.Once(), await Timed("true"), await Timed(Programs.Dotnet, Programs.Hello));
                if (i < 0) continue;
                ours.Add(sandbox);
                empty.Add(nothing);
                hello.Add(program);
            }

            return Lines(new Sample(ours), new Sample(empty), new Sample(hello));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static IReadOnlyList<Line> Lines(Sample ours, Sample empty, Sample hello) =>
    [
        new("sandbox start → sidecar connected", ours.Middle, "< 150 ms", $"{ours.Median / hello.Median:0.00} × bare bwrap around hello-world dotnet", ours.Median < 150),
        new("bare bwrap … true", empty.Middle),
        new("bare bwrap … hello-world dotnet", hello.Middle),
    ];

    private static async Task<double> Timed(params string[] command)
    {
        var start = TimeProvider.System.GetTimestamp();
        await Programs.Run("bwrap", [.. Bare, .. command]);
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>The provider with what it needs around it.</summary>
    private sealed class SandboxStarts(string directory, ControlPlane plane, BubblewrapProvider provider) : IAsyncDisposable
    {
        private readonly string _agents = Directory.CreateDirectory(Path.Combine(directory, "agents")).FullName;

        public static async Task<SandboxStarts> Prepare(string directory)
        {
            var control = Directory.CreateDirectory(Path.Combine(directory, "control")).FullName;
            var options = new BubblewrapOptions { StateDirectory = Path.Combine(directory, "state"), ControlDirectory = control };
            var provider = new BubblewrapProvider(options, TimeProvider.System, NullLogger<BubblewrapProvider>.Instance);
            if (await provider.Check(CancellationToken.None) is [var problem, ..]) throw new InvalidOperationException($"{problem.What} {problem.Mend}");
            return new SandboxStarts(directory, await ControlPlane.Start(control), provider);
        }

        /// <returns>Milliseconds from <c>Start</c> to connected. The sandbox is stopped afterwards.</returns>
        public async Task<double> Once()
        {
            var spec = Spec(SandboxId.New());
            try
            {
                var start = TimeProvider.System.GetTimestamp();
                await provider.Start(spec, CancellationToken.None);
                await plane.Hub.Connected(spec.Id, Patience, CancellationToken.None);
                return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
            }
            finally
            {
                plane.Hub.Forget(spec.Id);
                await provider.Stop(spec.Id, CancellationToken.None);
            }
        }

        public ValueTask DisposeAsync() => plane.DisposeAsync();

        private SandboxSpec Spec(SandboxId id) => new()
        {
            Id = id,
            Workspace = Directory.CreateDirectory(Path.Combine(directory, id.Value, "workspace")).FullName,
            Home = Directory.CreateDirectory(Path.Combine(directory, id.Value, "home")).FullName,
            ControlDirectory = Path.Combine(directory, "control"),
            RegistrationToken = plane.Issue(id),
            ReadOnly = new Dictionary<string, string> { [_agents] = "/opt/bots/agents" },
            Labels = new Dictionary<string, string> { ["bots.sandbox"] = id.Value, ["bots.instance"] = "bench" },
        };
    }
}
