using Bots.Bench.Report;
using Bots.Bench.World;
using Bots.Sandbox;
using Bots.Sandbox.Docker;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Bench.Sandboxes;

/// <summary>A new Docker sandbox until its sidecar is connected, beside <c>docker run --rm … true</c> of the same image; where there is an engine.</summary>
public static class DockerBench
{
    private const int WarmUps = 2;
    private const int Starts = 20;
    private const double Target = 1.3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<Line>> Run()
    {
        var directory = Directory.CreateTempSubdirectory("bots-bench-");
        try
        {
            var options = new DockerOptions { Instance = directory.FullName, ControlDirectory = directory.CreateSubdirectory("control").FullName };
            using var provider = new DockerProvider(options, TimeProvider.System, NullLogger<DockerProvider>.Instance);
            if ((await provider.Check(CancellationToken.None)).FirstOrDefault(p => p.Fatal) is { } problem)
            {
                await Console.Error.WriteLineAsync($"docker is not measured: {problem.What} {problem.Mend}");
                return [];
            }

            await using var plane = await ControlPlane.Start(options.ControlDirectory);
            var (ours, bare) = (new List<double>(), new List<double>());
            for (var i = -WarmUps; i < Starts; i++)
            {
                var (sandbox, run) = (await Once(provider, plane, directory, options), await Bare(options));
                if (i < 0) continue;
                ours.Add(sandbox);
                bare.Add(run);
            }

            return Lines(new Sample(ours), new Sample(bare));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static IReadOnlyList<Line> Lines(Sample ours, Sample bare) =>
    [
        new("docker sandbox start → sidecar connected", ours.Middle, $"< {Target} × docker run", $"{ours.Median / bare.Median:0.00} × docker run", ours.Median < Target * bare.Median),
        new("docker run --rm … true", bare.Middle),
    ];

    private static async Task<double> Bare(DockerOptions options)
    {
        var start = TimeProvider.System.GetTimestamp();
        await Programs.Run("docker", "-H", $"unix://{options.Socket}", "run", "--rm", "--network", "none", options.Image, "true");
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <returns>Milliseconds from <c>Start</c> to connected. The sandbox is stopped afterwards.</returns>
    private static async Task<double> Once(DockerProvider provider, ControlPlane plane, DirectoryInfo directory, DockerOptions options)
    {
        var id = SandboxId.New();
        var spec = new SandboxSpec
        {
            Id = id,
            Workspace = directory.CreateSubdirectory($"{id}/workspace").FullName,
            Home = directory.CreateSubdirectory($"{id}/home").FullName,
            ControlDirectory = options.ControlDirectory,
            RegistrationToken = plane.Issue(id),
        };
        try
        {
            var start = TimeProvider.System.GetTimestamp();
            await provider.Start(spec, CancellationToken.None);
            await plane.Hub.Connected(id, Patience, CancellationToken.None);
            return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        }
        finally
        {
            plane.Hub.Forget(id);
            await provider.Stop(id, CancellationToken.None);
        }
    }
}
