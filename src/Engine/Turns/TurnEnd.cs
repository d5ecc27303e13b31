using Bots.Engine.Permissions;
using Bots.Engine.Prompts;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Engine.Turns;

/// <summary>How the agent's part of a turn ended.</summary>
/// <param name="StopReason">ACP's; null when it failed.</param>
/// <param name="Failure">In words people read; null when it did not fail.</param>
internal sealed record TurnEnd(string? StopReason, string? Failure)
{
    /// <summary>
    /// Ends a prompt, unless it is over already. With it go the permission requests that nobody answered, and an agent that may
    /// still be in the middle of it. All in one write, so that no restart finds half of it.
    /// </summary>
    public static void Record(IWrite write, PromptStore prompts, PermissionStore permissions, PromptRow prompt, PromptState state, string? cause)
    {
        if (!prompts.Move(write, prompt, PromptState.Running, state, cause)) return;
        permissions.Abandon(write, prompt.SessionId, "the turn is over");
        write.Db.Execute(
            """
            UPDATE sandboxes SET agent_ready = 0 WHERE session_id = @SessionId AND state = 'live'
              AND EXISTS (SELECT 1 FROM prompts WHERE id = @Id AND request_id IS NOT NULL AND stop_reason IS NULL)
            """,
            new { prompt.SessionId, prompt.Id });
    }

    /// <summary>What people should know of an end that is no failure; null when there is nothing to say.</summary>
    public static string? Remark(string stopReason) => stopReason switch
    {
        "max_tokens" => "The agent stopped because it reached the model's limit of tokens.",
        "max_turn_requests" => "The agent stopped because it reached its limit of model calls.",
        "refusal" => "The model refused to go on.",
        _ => null,
    };
}
