using System.Text.Json;
using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using FsCheck;
using FsCheck.Fluent;

namespace Bots.Engine.Tests.Sessions;

/// <summary>Random session logs: few prompts, calls and permissions, so that events meet each other, and every kind of event.</summary>
internal static class Events
{
    public static readonly SessionId Session = new("ses_00000000");
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<string> Words = Gen.Elements("", "Hello", " world", "naïve 😀", "line one\nline two", "\"quoted\" <b> & \\", "\u0000\u001f\u2028");
    private static readonly Gen<string?> MaybeWords = Gen.OneOf(Gen.Constant<string?>(null), Words.Select(w => (string?)w));
    private static readonly Gen<PromptId> Prompts = Gen.Elements("prm_1", "prm_2", "prm_3").Select(id => new PromptId(id));
    private static readonly Gen<PromptId?> MaybePrompt = Gen.OneOf(Gen.Constant<PromptId?>(null), Prompts.Select(p => (PromptId?)p));
    private static readonly Gen<PermissionId> Permissions = Gen.Elements("a", "b", "c").Select(id => new PermissionId(id));
    private static readonly Gen<Person> People = Gen.Elements(new Person("slack", "U1", "Ana"), new Person("github", "ben", "Ben", "ben@example.com"));
    private static readonly Gen<Person?> MaybePeople = Gen.OneOf(Gen.Constant<Person?>(null), People.Select(p => (Person?)p));
    private static readonly Gen<ConversationKey> Conversations = Gen.Elements(new ConversationKey("slack", "T/C/1"), new ConversationKey("github", "acme/site#7"));
    private static readonly Gen<DateTimeOffset> Times = Gen.Choose(0, 100_000).Select(ms => Start.AddMilliseconds(ms));
    private static readonly Gen<RepositoryName> Repositories = Gen.Elements("acme/site", "acme/calculator").Select(RepositoryName.Parse);

    private static readonly Gen<WorkTarget> Targets =
        from repository in Repositories
        from branch in MaybeWords
        from @base in MaybeWords
        from number in Gen.Elements<int?>(null, 7)
        from other in MaybeWords
        select new WorkTarget(repository, branch, @base, number) { PullRequestBase = other };

    private static readonly Gen<ToolCall> Calls =
        from id in Gen.Elements("call-1", "call-2")
        from title in Words
        from kind in Gen.Elements("read", "edit", "execute", "of_next_year")
        from status in Gen.Elements("pending", "completed")
        from command in MaybeWords
        from paths in Words.ListOf()
        from diffs in (from path in Words from old in MaybeWords from now in Words select new FileDiff(path, old, now)).ListOf()
        from output in MaybeWords
        select new ToolCall { Id = id, Title = title, Kind = kind, Status = status, Command = command, Paths = paths.ToList(), Diffs = diffs.ToList(), Output = output };

    private static readonly Gen<TokenUsage> Usages =
        from input in Gen.Choose(0, 1000) from output in Gen.Choose(0, 1000) from read in Gen.Choose(0, 9) from write in Gen.Choose(0, 9) from isEstimate in Gen.Elements(true, false)
        select new TokenUsage(input, output, read, write) { IsEstimate = isEstimate };

    private static readonly Gen<JsonElement> Json = Gen.Elements("""{"sessionUpdate":"x"}""", "null", """{"deep":[{"er":null},1.50,"é"]}""").Select(json =>
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    });

    /// <summary>A generator for each kind of event.</summary>
    public static readonly IReadOnlyDictionary<Type, Gen<SessionEvent>> Kinds = All().ToDictionary(kind => kind.Type, kind => kind.Gen);

    public static Gen<SessionEvent> Any => Gen.OneOf(Kinds.Values);

    /// <summary>A log as the store keeps it: numbered from 1 without gaps.</summary>
    public static Gen<LoggedEvent[]> Logs =>
        from events in Any.ListOf()
        from times in Times.ListOf(events.Count)
        select events.Select((happened, i) => new LoggedEvent(Session, i + 1, times[i], happened)).ToArray();

    private static IEnumerable<(Type Type, Gen<SessionEvent> Gen)> All() =>
    [
        Kind(from agent in Words from model in MaybeWords from target in Targets from chosen in Gen.Elements(true, false) select new SessionEvent.SessionOpened(agent, model, chosen ? target : null)),
        Kind(Conversations.Select(c => new SessionEvent.ConversationBound(c))),
        Kind(from place in Conversations from why in Words select new SessionEvent.ConversationLost(place, why)),
        Kind((from name in Repositories from text in Words select new RepositoryCandidate(name, text)).ListOf().Select(c => new SessionEvent.RepositoryAsked(c.ToList()))),
        Kind(from target in Targets from who in MaybePeople from why in Words select new SessionEvent.RepositoryChosen(target, who, why)),
        Kind(from prompt in Prompts from author in People from text in Words from ahead in Gen.Choose(0, 9) from c in Conversations from message in MaybeWords select new SessionEvent.PromptQueued(prompt, author, text, ahead, c, message)),
        Kind(Prompts.Select(p => new SessionEvent.PromptStarted(p))),
        Kind(from prompt in Prompts from state in Gen.Elements(Enum.GetValues<PromptState>()) from cause in MaybeWords select new SessionEvent.PromptFinished(prompt, state, cause)),
        Kind(from prompt in Prompts from who in People select new SessionEvent.StopAsked(prompt, who)),
        Kind(from prompt in Prompts from stage in Words select new SessionEvent.StageChanged(prompt, stage)),
        Kind(from prompt in Prompts from text in Words select new SessionEvent.AgentText(prompt, text)),
        Kind(from prompt in Prompts from text in Words select new SessionEvent.AgentThought(prompt, text)),
        Kind(from prompt in Prompts from entries in (from c in Words from s in Words select new PlanEntry(c, s)).ListOf() select new SessionEvent.PlanChanged(prompt, entries.ToList())),
        Kind(from prompt in Prompts from call in Calls select new SessionEvent.ToolCallChanged(prompt, call)),
        Kind(from prompt in MaybePrompt from kind in Words from json in Json select new SessionEvent.AgentUpdate(prompt, kind, json)),
        Kind(from id in Permissions from prompt in Prompts from call in Calls from at in Times select new SessionEvent.PermissionAsked(id, prompt, call, at)),
        Kind(from id in Permissions from prompt in Prompts from d in Gen.Elements(Enum.GetValues<PermissionDecision>()) from who in MaybePeople from rule in MaybeWords from reason in MaybeWords select new SessionEvent.PermissionDecided(id, prompt, d, who, rule, reason)),
        Kind(from prompt in Prompts from branch in Words from n in Gen.Choose(0, 99) select new SessionEvent.ChangesPushed(prompt, branch, "abc", new DiffSummary(n, n + 1, n + 2))),
        Kind(from prompt in Prompts from n in Gen.Choose(1, 99) select new SessionEvent.PullRequestOpened(prompt, n, new Uri($"https://forge.example/pull/{n}"))),
        Kind(from prompt in MaybePrompt from model in Words from usage in Usages from cost in Gen.Elements<decimal?>(null, 0m, 0.0123m) select new SessionEvent.UsageRecorded(prompt, model, usage, cost)),
        Kind(from prompt in MaybePrompt from text in Words select new SessionEvent.Noted(prompt, text)),
    ];

    private static (Type, Gen<SessionEvent>) Kind<T>(Gen<T> gen)
        where T : SessionEvent => (typeof(T), gen.Select(happened => (SessionEvent)happened));
}
