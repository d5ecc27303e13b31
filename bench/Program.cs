using Bots.Bench;
using Bots.Bench.Ack;
using Bots.Bench.Engine;
using Bots.Bench.Gateway;
using Bots.Bench.Report;
using Bots.Bench.Sandboxes;

// The peer of `ack`, as a process of its own.
if (args is [BareServer.Command]) return await BareServer.Run();

var benchmarks = new Dictionary<string, Func<Task<IReadOnlyList<Line>>>>
{
    ["ack"] = AckBench.Run,
    ["gateway"] = GatewayBench.Run,
    ["sandbox"] = SandboxBench.Run,
    ["churn"] = ChurnBench.Run,
    ["docker"] = DockerBench.Run,
    ["reply"] = ReplyBench.Run,
    ["warm"] = WarmBench.Run,
    ["watch"] = WatchBench.Run,
    ["memory"] = MemoryBench.Run,
    ["fuzz"] = FuzzBench.Run,
    ["fold"] = FoldBench.Run,
    ["engine"] = EngineBench.Run,
};
var unknown = args.Where(a => !benchmarks.ContainsKey(a)).ToList();
if (unknown.Count > 0)
{
    await Console.Error.WriteLineAsync($"There is no benchmark {string.Join(", ", unknown)}. There are: {string.Join(", ", benchmarks.Keys)}; without a name all are run.");
    return 2;
}

Console.WriteLine(Machine.Describe());
var lines = new List<Line>();
foreach (var (name, run) in benchmarks.Where(b => args.Length == 0 || args.Contains(b.Key)))
{
    await Console.Error.WriteLineAsync($"measuring {name} …");
    lines.AddRange(await run());
}

Console.WriteLine($"load average at the end: {Machine.LoadAverage()}");
Console.WriteLine();
Console.Write(Table.Of(lines));
return 0;
