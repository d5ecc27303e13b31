using System.Text.Json;
using Bots.Engine.Permissions;

namespace Bots.Engine.Repositories;

/// <summary>Lifecycle commands of a devcontainer.json as shell scripts. Pure.</summary>
internal static class DevContainerCommand
{
    /// <summary>
    /// A text is the shell's; a list is a program with its arguments; an object holds several of either, which run one after the other, each
    /// in a shell of its own.
    /// </summary>
    /// <returns>Null when it is none of these.</returns>
    public static string? Read(JsonElement command)
    {
        if (command.ValueKind != JsonValueKind.Object) return One(command);
        var scripts = command.EnumerateObject().Select(named => One(named.Value)).ToList();
        return scripts.Contains(null) ? null : OneAfterTheOther([.. scripts.OfType<string>()]);
    }

    public static string OneAfterTheOther(IReadOnlyList<string> scripts) =>
        scripts.Count == 1 ? scripts[0] : string.Join('\n', scripts.Select(script => $"(\n{script}\n)"));

    private static string? One(JsonElement command)
    {
        if (command.ValueKind == JsonValueKind.String) return DevContainerVariables.ResolveCommand(command.GetString()!) is { } text && text.Trim().Length > 0 ? text.Trim() : null;
        if (command.ValueKind != JsonValueKind.Array || command.GetArrayLength() == 0) return null;
        var words = command.EnumerateArray().Select(word => word.ValueKind == JsonValueKind.String ? DevContainerVariables.ResolveCommand(word.GetString()!) : null).ToList();
        return words.Contains(null) ? null : string.Join(' ', words.Select(word => ShellWord.Quoted(word!)));
    }
}
