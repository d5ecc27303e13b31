using Bots.Faults;
using Bots.Faults.World;

if (await PrivateDisk.Enter(args) is { } code) return code;
var (minutes, seed) = (1.0, 1);
for (var i = 0; i + 1 < args.Length; i += 2)
{
    if (args[i] == "--minutes") minutes = double.Parse(args[i + 1]);
    if (args[i] == "--seed") seed = int.Parse(args[i + 1]);
}

var report = await new Run(seed, TimeSpan.FromMinutes(minutes), Console.Out).Go();
return report.Violations.Count == 0 ? 0 : 1;
