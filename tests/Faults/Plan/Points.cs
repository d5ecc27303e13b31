namespace Bots.Faults.Plan;

/// <summary>The points of the flow at which the service is killed: around each kind of commit, and around each effect outside.</summary>
public static class Points
{
    /// <summary>That of any write.</summary>
    public const string AnyCommit = "after commit";

    /// <summary>Whatever writes to the store on the way of a request, by class and method.</summary>
    public static readonly IReadOnlyList<string> Writers =
    [
        "Inbox.Append", "Inbox.PutOff", "IntakeLoop.Take", "TurnScheduler.Next",
        "SandboxStore.Add", "SandboxStore.Redeem", "SandboxStore.TakeUp", "SandboxStore.Stopped", "SandboxStore.IdleSince", "SandboxStore.Retire", "WorkspaceStore.For",
        "AgentStarter.Start", "AgentStarter.Call", "AgentChannel.Pump",
        "TurnRunner.Sync", "TurnRunner.Anew", "TurnRunner.Finish", "AgentTurn.Send", "AgentTurn.Take",
        "Publisher.OpenPullRequest", "SessionLog.Append", "GatewayAccess.RecordUsage", "AuditTrail.Append",
        "MessageSync.Save", "ConversationSync.Sync", "Snapshots.Take",
    ];

    /// <summary>Whatever has an effect outside the store; after it, nobody has heard that it is done.</summary>
    public static readonly IReadOnlyList<string> Effects =
    [
        "slack.Post", "slack.Edit", "slack.Find", "github.Post", "github.Edit", "github.Find", "forge.OpenPullRequest", "forge.FindPullRequest",
        "sandbox.Start", "sandbox.Stop", "sidecar.Connected", "agent.Start", "agent.Write", "agent.Acknowledge", "agent.Exec clone", "agent.Exec commit", "agent.Exec push",
    ];

    public static readonly IReadOnlyList<string> All =
        [.. Writers.SelectMany(name => (string[])[$"before commit {name}", $"after commit {name}"]), .. Effects.SelectMany(name => (string[])[$"before {name}", $"after {name}"])];
}
