using System.Runtime.CompilerServices;
using Bots.Engine.Forges;
using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;
using Bots.Sandbox;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Tests.World;

internal sealed class FencedSurface(ISurface surface, Fence fence) : ISurface
{
    public string Name => surface.Name;

    public TimeSpan EditInterval => surface.EditInterval;

    public IReadOnlyList<SurfaceMessage> Render(SessionView session, ConversationKey conversation, DateTimeOffset now) => surface.Render(session, conversation, now);

    public SurfaceMessage Render(Notice notice) => surface.Render(notice);

    public SurfaceMessage? Plain(SurfaceMessage message) => surface.Plain(message);

    public TimeSpan Admit(ConversationKey conversation, SurfaceMessage message, bool isEdit, bool urgent) => surface.Admit(conversation, message, isEdit, urgent);

    public Task<string> Post(ConversationKey conversation, SurfaceMessage message, CancellationToken cancellation) =>
        fence.Through(() => surface.Post(conversation, message, cancellation));

    public Task Edit(ConversationKey conversation, string remoteId, SurfaceMessage message, CancellationToken cancellation) =>
        fence.Through(() => surface.Edit(conversation, remoteId, message, cancellation));

    public Task<string?> Find(ConversationKey conversation, SurfaceMessage message, CancellationToken cancellation) =>
        fence.Through(() => surface.Find(conversation, message, cancellation));

    public Task<ConversationKey> NewConversation(string place, CancellationToken cancellation) => fence.Through(() => surface.NewConversation(place, cancellation));

    public ConversationKey? Opened(ConversationKey conversation, string remoteId) => surface.Opened(conversation, remoteId);
}

internal sealed class FencedReader(IDeliveryReader reader, Fence fence) : IDeliveryReader
{
    public string Surface => reader.Surface;

    public string? PassOver(Delivery delivery) => reader.PassOver(delivery);

    public ConversationKey? Continues(Delivery delivery) => reader.Continues(delivery);

    public Task<IReadOnlyList<Inbound>> Read(Delivery delivery, CancellationToken cancellation) => fence.Through(() => reader.Read(delivery, cancellation));

    public ConversationKey? Awaited(Delivery delivery) => reader.Awaited(delivery);

    public ConversationKey? Place(Delivery delivery) => reader.Place(delivery);
}

internal sealed class FencedForge(IForge forge, Fence fence) : IForge
{
    public Uri Web => forge.Web;

    public Task<IReadOnlyList<KnownRepository>> Repositories(CancellationToken cancellation) => fence.Through(() => forge.Repositories(cancellation));

    public Task<string> DefaultBranch(RepositoryName repository, CancellationToken cancellation) => fence.Through(() => forge.DefaultBranch(repository, cancellation));

    public Task<ForgeFile?> ReadFile(RepositoryName repository, string path, CancellationToken cancellation) =>
        fence.Through(() => forge.ReadFile(repository, path, cancellation));

    public Task<PullRequest?> FindPullRequest(RepositoryName repository, string branch, CancellationToken cancellation) =>
        fence.Through(() => forge.FindPullRequest(repository, branch, cancellation));

    public Task<PullRequest> OpenPullRequest(RepositoryName repository, NewPullRequest request, CancellationToken cancellation) =>
        fence.Through(() => forge.OpenPullRequest(repository, request, cancellation));

    public Task<bool> IsAncestor(RepositoryName repository, string ancestor, string commit, CancellationToken cancellation) =>
        fence.Through(() => forge.IsAncestor(repository, ancestor, commit, cancellation));

    public Task<Person> Self(CancellationToken cancellation) => fence.Through(() => forge.Self(cancellation));

    public Task<GitAccess> Access(RepositoryName repository, GitRight right, CancellationToken cancellation) => fence.Through(() => forge.Access(repository, right, cancellation));
}

internal sealed class FencedSandboxes(FakeSandboxes sandboxes, Fence fence) : ISandboxProvider, ISandboxConnections
{
    public string Name => sandboxes.Name;

    public Task<IReadOnlyList<SandboxProblem>> Check(CancellationToken cancellation) => sandboxes.Check(cancellation);

    public Task Start(SandboxSpec spec, CancellationToken cancellation) => fence.Through(() => sandboxes.Start(spec, cancellation));

    public Task Stop(SandboxId sandbox, CancellationToken cancellation) => fence.Through(() => sandboxes.Stop(sandbox, cancellation));

    public Task<IReadOnlyList<LimitBreach>> Breaches(CancellationToken cancellation) => fence.Through(() => sandboxes.Breaches(cancellation));

    public Task<IReadOnlyList<RunningSandbox>> List(CancellationToken cancellation) => fence.Through(() => sandboxes.List(cancellation));

    public Task<ISandboxConnection> Connected(SandboxId sandbox, TimeSpan timeout, CancellationToken cancellation) => fence.Through(async () =>
        (ISandboxConnection)new FencedConnection(await sandboxes.Connected(sandbox, timeout, cancellation), fence));

    public void Forget(SandboxId sandbox, SandboxException? why = null)
    {
        if (!fence.IsDead) sandboxes.Forget(sandbox, why);
    }
}

internal sealed class FencedConnection(ISandboxConnection sandbox, Fence fence) : ISandboxConnection
{
    public SandboxId Sandbox => sandbox.Sandbox;

    public CancellationToken Lost => sandbox.Lost;

    public Task Start(string process, ProcessStart start, CancellationToken cancellation) => fence.Through(() => sandbox.Start(process, start, cancellation));

    public Task<bool> IsRunning(string process, CancellationToken cancellation) => fence.Through(() => sandbox.IsRunning(process, cancellation));

    public Task Write(string process, long number, string line, CancellationToken cancellation) => fence.Through(() => sandbox.Write(process, number, line, cancellation));

    public async IAsyncEnumerable<ProcessOutput> Read(string process, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var output in sandbox.Read(process, after, cancellation))
        {
            if (fence.IsDead) await Fence.Never<bool>();
            yield return output;
        }
    }

    public Task Acknowledge(string process, long number, CancellationToken cancellation) => fence.Through(() => sandbox.Acknowledge(process, number, cancellation));

    public Task Kill(string process, CancellationToken cancellation) => fence.Through(() => sandbox.Kill(process, cancellation));

    public Task<ExecResult> Exec(ExecRequest request, CancellationToken cancellation) => fence.Through(() => sandbox.Exec(request, cancellation));

    public Task<IRunningCommand> Run(ExecRequest request, CancellationToken cancellation) => fence.Through(() => sandbox.Run(request, cancellation));

    public Task<ITerminal> OpenTerminal(TerminalRequest request, CancellationToken cancellation) => fence.Through(() => sandbox.OpenTerminal(request, cancellation));

    public Task<SandboxActivity> Activity(CancellationToken cancellation) => fence.Through(() => sandbox.Activity(cancellation));
}
