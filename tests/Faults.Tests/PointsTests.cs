using Bots.Engine.Forges;
using Bots.Engine.Storage;
using Bots.Engine.Surfaces;
using Bots.Faults.Plan;
using Bots.Sandbox;
using Bots.Sandbox.Sidecars;

namespace Bots.Faults.Tests;

/// <summary>A point whose method was given another name would never be reached again.</summary>
public sealed class PointsTests
{
    private static readonly Dictionary<string, Type> Parts = new(StringComparer.Ordinal)
    {
        ["slack"] = typeof(ISurface), ["github"] = typeof(ISurface), ["forge"] = typeof(IForge),
        ["sandbox"] = typeof(ISandboxProvider), ["sidecar"] = typeof(ISandboxConnections), ["agent"] = typeof(ISandboxConnection),
    };

    public static TheoryData<string> Writers => [.. Points.Writers];

    public static TheoryData<string> Effects => [.. Points.Effects];

    [Theory]
    [MemberData(nameof(Writers))]
    public void Every_writer_that_is_named_is_there(string writer)
    {
        var (type, method) = Split(writer);
        var owner = typeof(IStore).Assembly.GetTypes().Single(t => t.Name == type && !t.IsNested);
        var methods = owner.GetNestedTypes(All).Append(owner).SelectMany(t => t.GetMethods(All)).ToList();
        // What is handed to the store is made within the method, and bears its name; or it is the method itself.
        methods.Any(m => m.Name.StartsWith($"<{method}>b__", StringComparison.Ordinal) || (m.Name == method && m.GetParameters().Select(p => p.ParameterType).SequenceEqual([typeof(IWrite)]))).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Effects))]
    public void Every_effect_that_is_named_is_there(string effect)
    {
        var (part, method) = Split(effect);
        Parts[part].GetMethods().ShouldContain(m => m.Name == method && typeof(Task).IsAssignableFrom(m.ReturnType));
    }

    private const System.Reflection.BindingFlags All =
        System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic;

    private static (string, string) Split(string name)
    {
        var parts = name.Split(' ')[0].Split('.');
        return (parts[0], parts[1]);
    }
}
