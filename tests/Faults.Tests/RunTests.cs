namespace Bots.Faults.Tests;

/// <summary>The long runs are <c>./dev bench faults</c>; this one shows that they would start well.</summary>
[Collection("one service at a time")]
public sealed class RunTests
{
    private const int Seed = 20261121;

    [Fact]
    public async Task Killed_and_cut_off_at_random_the_service_loses_and_doubles_nothing()
    {
        using var output = new StringWriter();

        var report = await new Run(new Arguments { Seed = Seed, Length = TimeSpan.FromSeconds(40) }, output).Go();

        TestContext.Current.TestOutputHelper!.WriteLine(output.ToString());
        report.Violations.ShouldBeEmpty(output.ToString());
        report.Kills.ShouldBeGreaterThan(0);
        report.Accepted.ShouldBeGreaterThan(0);
    }
}
