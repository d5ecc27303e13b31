using Bots.Bench.Report;
using Bots.Bench.World;

namespace Bots.Bench.Sandboxes;

/// <summary>A new sandbox until its sidecar is connected, beside bwrap alone and bwrap around the smallest .NET program.</summary>
public static class SandboxBench
{
    private const int WarmUps = 2;
    private const int Starts = 20;
    private static readonly string[] Bare = ["--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"];

    public static async Task<IReadOnlyList<Line>> Run()
    {
        var directory = Directory.CreateTempSubdirectory("bots-bench-");
        try
        {
            // In turns, so that whatever else the machine does meets all of them alike.
            var (ours, prepared, empty, hello) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
            await using var starts = await SandboxStarts.Prepare(directory.FullName);
            var tree = LargeTree.Make(Path.Combine(directory.FullName, "tree"));
            for (var i = -WarmUps; i < Starts; i++)
            {
                var (sandbox, large, nothing, program) = (await starts.Once(), await starts.Once(tree), await Timed("true"), await Timed(Programs.Dotnet, Programs.Hello));
                if (i < 0) continue;
                ours.Add(sandbox);
                prepared.Add(large);
                empty.Add(nothing);
                hello.Add(program);
            }

            return Lines(new Sample(ours), new Sample(prepared), new Sample(empty), new Sample(hello));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static IReadOnlyList<Line> Lines(Sample ours, Sample prepared, Sample empty, Sample hello) =>
    [
        new("sandbox start → sidecar connected", ours.Middle, "< 150 ms", $"{ours.Median / hello.Median:0.00} × bare bwrap around hello-world dotnet", ours.Median < 150),
        new("… and a tree of 50,000 files, 1 GB, in its workspace", prepared.Middle, "< 100 ms more", $"{prepared.Median - ours.Median:+0;-0} ms to an empty workspace", prepared.Median - ours.Median < 100),
        new("bare bwrap … true", empty.Middle),
        new("bare bwrap … hello-world dotnet", hello.Middle),
    ];

    private static async Task<double> Timed(params string[] command)
    {
        var start = TimeProvider.System.GetTimestamp();
        await Programs.Run("bwrap", [.. Bare, .. command]);
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }
}
