using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Bots.Engine.Gateway;
using Bots.Engine.Intake;
using Bots.Engine.Permissions;
using Bots.Engine.Prompts;
using Bots.Engine.Retention;
using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;

namespace Bots.Engine.Audit;

/// <summary>Something worth proving later. Made by one of the methods below; never holds a secret.</summary>
public sealed record AuditEntry
{
    private const int LongestWhat = 2000;
    private const int MostRefs = 20;

    private AuditEntry(DateTimeOffset at, SessionId? session, string kind, string actor, JsonObject data) =>
        (At, Session, Kind, Actor, Data) = (at, session, kind, actor, data);

    public DateTimeOffset At { get; }

    public SessionId? Session { get; }

    public string Kind { get; }

    /// <summary><c>surface:id</c> of a person, <c>rule: …</c>, <c>service</c>, or <c>sandbox:id</c>.</summary>
    public string Actor { get; }

    public JsonObject Data { get; }

    /// <summary>Somebody's request was taken in. Of the words there is the SHA-256: the session's log has them.</summary>
    public static AuditEntry PromptAccepted(DateTimeOffset at, SessionId session, PromptId prompt, Inbound.PromptRequest request) =>
        new(at, session, "prompt.accepted", Name(request.Author), new JsonObject
        {
            ["prompt"] = prompt.Value, ["name"] = request.Author.Name, ["conversation"] = request.Conversation.ToString(), ["message"] = request.Message,
            ["sha256"] = Sha256(request.Text),
        });

    /// <param name="calls">One object for each model that was called.</param>
    public static AuditEntry PromptFinished(DateTimeOffset at, PromptRow prompt, PromptState state, JsonArray calls) =>
        new(at, prompt.SessionId, "prompt.finished", "service", new JsonObject { ["prompt"] = prompt.Id.Value, ["state"] = state.ToString(), ["models"] = calls });

    /// <summary>A permission request was decided, by a person or by a rule.</summary>
    public static AuditEntry PermissionDecided(
        DateTimeOffset at, SessionId session, PromptId prompt, PermissionId permission, ToolCall call, PermissionDecision decision, Person? by, string? rule, string? reason) =>
        new(at, session, "permission.decided", by is null ? $"rule: {rule}" : Name(by), new JsonObject
        {
            ["prompt"] = prompt.Value, ["permission"] = permission.Value, ["decision"] = decision.ToString(), ["name"] = by?.Name, ["reason"] = reason,
            ["tool"] = call.Kind, ["what"] = What(call),
        });

    /// <param name="happened"><c>started</c>, <c>claimed</c> by a session, or <c>stopped</c>.</param>
    public static AuditEntry Sandbox(DateTimeOffset at, string happened, SandboxRow sandbox) =>
        new(at, sandbox.SessionId, $"sandbox.{happened}", "service", new JsonObject
        {
            ["sandbox"] = sandbox.Id.Value, ["repository"] = sandbox.Repository.ToString(), ["purpose"] = sandbox.Purpose.ToString(),
        });

    /// <summary>Git spoke to the forge with a credential, or was refused before.</summary>
    /// <param name="service"><c>git-upload-pack</c> (fetch) or <c>git-receive-pack</c> (push).</param>
    /// <param name="credential">What kind it was; null when none was used.</param>
    /// <param name="refs">Of a push: each ref with its old and new id. Of more than twenty the first, and of all the number and the SHA-256 of their lines.</param>
    /// <param name="status">The forge's answer; null while a push is about to leave.</param>
    public static AuditEntry Git(
        DateTimeOffset at, GatewayCaller caller, string service, string repository, string? credential, IEnumerable<string> refs, int? status, string? refused)
    {
        var all = refs.ToList();
        var data = new JsonObject
        {
            ["repository"] = repository, ["credential"] = credential, ["refs"] = new JsonArray([.. all.Take(MostRefs).Select(r => JsonValue.Create(r))]),
            ["status"] = status, ["refused"] = refused,
        };
        if (all.Count > MostRefs) (data["refsInAll"], data["refsSha256"]) = (all.Count, Sha256(string.Concat(all.Select(r => r + "\n"))));
        return new(at, caller.Session, service == "git-receive-pack" ? "git.push" : "git.fetch", ActorOf(caller), data);
    }

    /// <summary>A sandbox's attempt to reach a host: refused, failed, opened, and closed with the number of bytes.</summary>
    public static AuditEntry Egress(DateTimeOffset at, GatewayCaller caller, EgressAttempt attempt)
    {
        var data = new JsonObject { ["attempt"] = attempt.Id, ["host"] = attempt.Target.Host, ["port"] = attempt.Target.Port, ["address"] = attempt.Address, ["why"] = attempt.Why };
        if (attempt.Stage == EgressStage.Closed) (data["bytesOut"], data["bytesIn"], data["milliseconds"]) = (attempt.BytesOut, attempt.BytesIn, attempt.Milliseconds);
        return new(at, caller.Session, $"egress.{attempt.Stage.ToString().ToLowerInvariant()}", ActorOf(caller), data);
    }

    /// <summary>A model call that belongs to no running prompt.</summary>
    public static AuditEntry StrayModelCall(DateTimeOffset at, SessionId session, string model, TokenUsage usage) =>
        new(at, session, "model.called", "service", new JsonObject { ["model"] = model, ["tokens"] = usage.Total });

    /// <summary>Somebody's words were erased on request.</summary>
    /// <param name="person"><c>surface:id</c>.</param>
    public static AuditEntry WordsErased(DateTimeOffset at, string person, Erased erased) =>
        new(at, null, "words.erased", "service", new JsonObject
        {
            ["person"] = person, ["prompts"] = erased.Prompts, ["quotes"] = erased.Quotes, ["events"] = erased.Events, ["deliveries"] = erased.Deliveries,
        });

    private static string Name(Person person) => $"{person.Surface}:{person.Id}";

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string ActorOf(GatewayCaller caller) => $"sandbox:{caller.Sandbox.Value}";

    /// <summary>The words that were asked about; of very long ones the beginning, with the SHA-256 of all.</summary>
    private static string What(ToolCall call)
    {
        var paths = call.Paths.Concat(call.Diffs.Select(d => d.Path)).Distinct(StringComparer.Ordinal);
        var what = call.Command ?? string.Join('\n', new[] { call.Title }.Concat(paths));
        return what.Length <= LongestWhat ? what : $"{what[..LongestWhat]}… sha256:{Sha256(what)}";
    }
}
