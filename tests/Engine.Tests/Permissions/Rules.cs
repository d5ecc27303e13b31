using Bots.Engine.Permissions;
using Bots.Engine.Repositories;
using Bots.Engine.Sessions;

namespace Bots.Engine.Tests.Permissions;

/// <summary>Short ways to say rules and calls.</summary>
internal static class Rules
{
    public static readonly IReadOnlySet<string> NoGrants = new HashSet<string>();

    public static PolicyRules Of(string[]? allow = null, string[]? ask = null, string[]? deny = null) =>
        new(new ToolRules(), new ToolRules { Allow = allow ?? [], Ask = ask ?? [], Deny = deny ?? [] });

    public static PolicyRules Organisation(string[]? allow = null, string[]? ask = null, string[]? deny = null) =>
        new(new ToolRules { Allow = allow ?? [], Ask = ask ?? [], Deny = deny ?? [] }, new ToolRules());

    public static ToolCall Run(string command) => new() { Id = "1", Kind = "execute", Command = command, Title = "Run" };

    public static ToolCall File(string kind, params string[] paths) => new() { Id = "1", Kind = kind, Paths = paths };

    public static PolicyAnswer Decide(ToolCall call, PolicyRules rules) => PermissionPolicy.Decide(call, NoGrants, rules);

    public static PolicyVerdict Allowed(string command, params string[] allow) => Decide(Run(command), Of(allow: allow)).Verdict;

    public static PolicyVerdict Denied(string command, params string[] deny) => Decide(Run(command), Of(deny: deny)).Verdict;
}
