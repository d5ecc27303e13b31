using Bots.Engine;

namespace Bots.Slack.Rendering;

/// <summary>Action and block ids of what people can press: what is rendered with them is read back by them.</summary>
internal static class SlackActions
{
    public const string ApproveOnce = "approve_once";
    public const string ApproveSession = "approve_session";
    public const string Deny = "deny";
    public const string DenyWithReason = "deny_with_reason";
    public const string Stop = "stop";
    public const string PickRepository = "pick_repository";
    public const string OpenPullRequest = "open_pull_request";

    private const string PickPrefix = "pick:";

    /// <summary>The block id of a session's repository list; an option's value is too short for both ids.</summary>
    public static string PickBlock(SessionId session) => PickPrefix + session.Value;

    public static bool TryReadPick(string block, out SessionId session)
    {
        session = new SessionId(block.StartsWith(PickPrefix, StringComparison.Ordinal) ? block[PickPrefix.Length..] : "");
        return session.Value.Length > 0;
    }
}
