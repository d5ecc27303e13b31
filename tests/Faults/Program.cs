using Bots.Faults;
using Bots.Faults.World;

try
{
    var arguments = Arguments.Parse(args);
    // An engine, in a mount namespace of its own, would not see the disk.
    if (arguments.Sandbox == RunSandboxes.Default && await PrivateDisk.Enter(args) is { } code) return code;
    var report = await new Run(arguments, Console.Out).Go();
    return report.Violations.Count == 0 ? 0 : 1;
}
catch (CannotRunException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 2;
}
