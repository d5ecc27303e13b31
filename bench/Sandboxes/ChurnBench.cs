using Bots.Bench.Report;
using Bots.Sandbox.Tests.Support;

namespace Bots.Bench.Sandboxes;

/// <summary>
/// Fifty sandboxes at once, each with a small agent, started and stopped ten times over: what they leave on the machine, and in the
/// memory of the process that ran them.
/// </summary>
public static class ChurnBench
{
    private const int AtOnce = 50;
    private const int Rounds = 10;

    /// <summary>Rounds before memory is first looked at: until then the runtime compiles what is used often and takes its working space.</summary>
    private const int WarmUps = 5;

    /// <summary>So many are started side by side; all are there together afterwards.</summary>
    private const int Starting = 8;

    public static async Task<IReadOnlyList<Line>> Run()
    {
        var directory = Directory.CreateTempSubdirectory("bots-bench-");
        try
        {
            await using var starts = await SandboxStarts.Prepare(directory.FullName);
            for (var round = 0; round < WarmUps; round++) await Round(starts);
            var (memory, heap, files, threads) = Usage();
            var (times, sidecars, names) = (new List<double>(), new List<double>(), new List<string>());
            for (var round = 0; round < Rounds; round++)
            {
                var began = TimeProvider.System.GetTimestamp();
                var (ids, resident) = await Round(starts);
                times.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
                names.AddRange(ids);
                sidecars.AddRange(resident);
                await Console.Error.WriteLineAsync($"round {round + 1} of {Rounds}: {times[^1] / 1000:0.0} s");
            }

            var (memoryNow, heapNow, filesNow, threadsNow) = Usage();
            var left = HostTraces.Of(names).Concat(Directory.GetFiles(Path.Combine(directory.FullName, "state"))).ToList();
            foreach (var trace in left) await Console.Error.WriteLineAsync($"left: {trace}");
            return
            [
                new($"{AtOnce} sandboxes started, used and stopped", new Sample(times).Middle, "", $"{Rounds} rounds on {Environment.ProcessorCount} cores"),
                new($"left behind by {names.Count}", $"{left.Count} traces", "0", "processes, mounts, cgroups, sockets, files", left.Count == 0),
                new("managed heap of the service's part", $"{heapNow:0.0} MiB", "as before", $"{heap:0.0} MiB before", heapNow < heap + 2),
                new("… its resident memory", $"{memoryNow:0} MiB", "as before", $"{memory:0} MiB before", memoryNow < memory * 1.15),
                new("… its descriptors, threads", $"{filesNow}, {threadsNow}", "as before", $"{files}, {threads} before", filesNow <= files + 2),
                new("sidecar, resident, with its agent", $"median {new Sample(sidecars).Median:0} · max {new Sample(sidecars).Max:0} MiB", "< 60 MiB", "", new Sample(sidecars).Median < 60),
            ];
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<(IReadOnlyList<string> Names, IReadOnlyList<double> Sidecars)> Round(SandboxStarts starts)
    {
        using var places = new SemaphoreSlim(Starting);
        var running = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Limited(places, starts.Busy)));
        var sidecars = await Task.WhenAll(running.Select(SandboxStarts.SidecarMiB));
        await Task.WhenAll(running.Select(sandbox => Limited(places, () => starts.End(sandbox))));
        return ([.. running.Select(sandbox => sandbox.Sandbox.Value)], sidecars);
    }

    private static async Task<T> Limited<T>(SemaphoreSlim places, Func<Task<T>> work)
    {
        await places.WaitAsync();
        try
        {
            return await work();
        }
        finally
        {
            places.Release();
        }
    }

    private static (double Memory, double Heap, int Files, int Threads) Usage()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return (Machine.ResidentMiB(Environment.ProcessId), GC.GetTotalMemory(forceFullCollection: true) / 1024.0 / 1024.0, Directory.GetFiles("/proc/self/fd").Length, Directory.GetDirectories("/proc/self/task").Length);
    }
}
