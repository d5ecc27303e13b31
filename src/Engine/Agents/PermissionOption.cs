namespace Bots.Engine.Agents;

/// <summary>An answer the agent offers; chosen by kind, since ids are the agent's own.</summary>
/// <param name="Kind">ACP: allow_once, allow_always, reject_once, reject_always; or one nobody knows yet.</param>
public sealed record PermissionOption(string OptionId, string Name, string Kind);
