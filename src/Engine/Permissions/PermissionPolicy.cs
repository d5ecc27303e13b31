using Bots.Engine.Sessions;

namespace Bots.Engine.Permissions;

/// <summary>The rules that answer before a person is asked. Pure.</summary>
public static class PermissionPolicy
{
    private const string Workspace = "/workspace";

    /// <summary>
    /// Reading and searching allow; editing inside the workspace allows, except git's own files; everything else asks,
    /// unless somebody allowed it for this session.
    /// </summary>
    /// <param name="grants">Subjects allowed for the session, from <see cref="Subject"/>.</param>
    public static PolicyAnswer Decide(ToolCall call, IReadOnlySet<string> grants)
    {
        if (grants.Contains(Subject(call))) return new(PolicyVerdict.Allow, "allowed for this session");
        return call.Kind switch
        {
            "read" or "search" => new(PolicyVerdict.Allow, "reading is allowed"),
            "think" or "switch_mode" => new(PolicyVerdict.Allow, "it touches nothing"),
            "edit" when Touched(call) is { Count: > 0 } paths && paths.All(IsOwnFile) => new(PolicyVerdict.Allow, "editing in the workspace is allowed"),
            _ => new(PolicyVerdict.Ask, "a person decides"),
        };
    }

    /// <summary>True when a call may change or run something; false when it only reads or thinks.</summary>
    public static bool Touches(ToolCall call) => call.Kind is not ("read" or "search" or "think" or "switch_mode");

    /// <summary>What "always in this session" covers: exactly this command, or exactly these files.</summary>
    public static string Subject(ToolCall call) => call.Command is { } command
        ? $"{call.Kind}:{command}"
        : $"{call.Kind}:{string.Join('\n', Touched(call).Order(StringComparer.Ordinal))}{(Touched(call).Count == 0 ? call.Title : "")}";

    private static IReadOnlyList<string> Touched(ToolCall call) =>
        [.. call.Paths.Concat(call.Diffs.Select(d => d.Path)).Distinct(StringComparer.Ordinal)];

    private static bool IsOwnFile(string path)
    {
        if (path.Contains('\0')) return false;
        var full = Path.GetFullPath(path, Workspace);
        return full.StartsWith(Workspace + "/", StringComparison.Ordinal)
            && !full.Split('/').Any(part => part.Equals(".git", StringComparison.OrdinalIgnoreCase));
    }
}

public enum PolicyVerdict
{
    Allow,
    Ask,
    Deny,
}

/// <param name="Rule">In words people read.</param>
public sealed record PolicyAnswer(PolicyVerdict Verdict, string Rule);
