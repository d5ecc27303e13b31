using System.Net.Http;
using Bots.Engine.Storage;
using Bots.Sandbox.Tests.Support;
using Bots.Simulators.Models;
using Dapper;
using static Bots.Tests.EndToEnd.Installation;

namespace Bots.Tests.EndToEnd;

/// <summary>The service is killed while it starts sandboxes, one of a session and one of the pool, and again while it takes them up.</summary>
public sealed class CrashLeftoversTests
{
    [Fact]
    public async Task Killed_while_sandboxes_start_nothing_is_left_that_nobody_owns()
    {
        await using var world = await Prepare(ModelScript.On("say hello", ModelStep.Say("Hello to you.")));
        await using (var first = await ServiceProcess.Start(world))
        {
            var begun = Begun(world);
            await Warm(world);
            await world.Mention("say hello");
            await begun;
        }

        await using (var second = await ServiceProcess.Start(world))
        {
            await Warm(world);
        }

        await world.StartService();
        await world.Says("Hello to you.");
        await world.Slack.WaitForState(() => world.Slack.Messages(Channel).All(m => !HasButton(m, "stop")), Patience);
        // What is left when a service ends in peace is what its predecessors left: its own sandboxes it stops.
        await world.StopService();

        var sandboxes = Sandboxes(world);
        sandboxes.Count.ShouldBeGreaterThan(1);
        HostTraces.Of(sandboxes).ShouldBeEmpty();
        world.Slack.Messages(Channel).Count(m => m.User == world.Slack.Options.BotUserId).ShouldBe(1);
    }

    /// <summary>Completes as soon as the provider remembers one more sandbox: it is about to start it.</summary>
    private static async Task Begun(Installation world)
    {
        var folder = Directory.CreateDirectory(Path.Combine(world.DataDirectory, "sandboxes")).FullName;
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(folder, "sbx_*.json") { EnableRaisingEvents = true };
        watcher.Created += (_, _) => seen.TrySetResult();
        watcher.Renamed += (_, _) => seen.TrySetResult();
        await seen.Task.WaitAsync(Patience, TimeProvider.System);
    }

    private static async Task Warm(Installation world)
    {
        using var client = new HttpClient();
        using var answer = await client.PostAsync(new Uri(world.Url, $"api/repositories/{Calculator}/warm"), null);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>All there ever were.</summary>
    private static List<string> Sandboxes(Installation world)
    {
        using var source = new SqliteDataSource(Path.Combine(world.DataDirectory, "bots.db"));
        using var connection = source.OpenConnection();
        return [.. connection.Query<string>("SELECT id FROM sandboxes")];
    }
}
