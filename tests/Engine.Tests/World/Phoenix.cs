using Bots.Engine.Intake;

namespace Bots.Engine.Tests.World;

/// <summary>A world whose engine crashes after a number of steps, and is started again at once.</summary>
internal sealed class Phoenix(EngineWorld world, Task revived, Fence first)
{
    public EngineWorld World => world;

    /// <summary>Plays a story with a crash after the first step of the engine, then after the second, and so on, until it is over before it crashes.</summary>
    /// <returns>How many steps it has.</returns>
    public static async Task<int> Everywhere(Action<ScriptedAgent> agent, Func<Phoenix, Task> story, Action<EngineWorld> check)
    {
        var step = 1;
        while (await Crashes(step, agent, story, check)) step++;
        return step;
    }

    /// <summary>Delivers as a surface does: until it is acknowledged.</summary>
    public async Task Deliver(Inbound inbound, string id)
    {
        var accepted = world.Receive(inbound, id);
        if (await Task.WhenAny(accepted, revived) == accepted) await accepted;
        else await world.Receive(inbound, id);
    }

    private static async Task<bool> Crashes(int step, Action<ScriptedAgent> agent, Func<Phoenix, Task> story, Action<EngineWorld> check)
    {
        await using var world = new EngineWorld();
        world.Sandboxes.Make = agent;
        await world.Start(step);
        // It may die before the story begins; then the world has its second life as soon as it is revived.
        var first = world.Life;
        var phoenix = new Phoenix(world, Revive(world), first);
        try
        {
            await story(phoenix);
            var crashed = await phoenix.Crashed();
            await world.Receive(EngineWorld.Request("more"), "more");
            await world.Surface.Shows("prompt:", "Completed More.");
            check(world);
            return crashed;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"It goes wrong when the engine crashes after step {step}.", e);
        }
    }

    private async Task<bool> Crashed()
    {
        if (first.Spare()) return false;
        await revived;
        return true;
    }

    private static async Task Revive(EngineWorld world)
    {
        await world.Life.Died;
        world.Crash();
        await world.Start();
    }
}
