using Bots.Engine.Permissions;
using Bots.Engine.Prompts;
using Bots.Engine.Repositories;
using Bots.Engine.Storage;

namespace Bots.Engine.Gateway;

/// <summary>Decides which hosts a sandbox may reach, and asks people about those no rule knows.</summary>
public interface IEgressGate
{
    /// <summary>Waits for people when they have to be asked: until they decide, the request expires, or the turn ends.</summary>
    Task<EgressAnswer> Admit(GatewayCaller caller, EgressTarget target, CancellationToken cancellation);
}

/// <param name="Why">Which rule or whose decision it was, in words people read.</param>
public sealed record EgressAnswer(bool Allowed, string Why);

internal sealed class EgressGate(IStore store, PermissionStore permissions, IRepositorySettings settings, NetworkOptions options, TimeProvider clock) : IEgressGate
{
    /// <summary>So many hosts one prompt may ask people about; nobody reads more.</summary>
    internal const int MostQuestions = 20;

    public async Task<EgressAnswer> Admit(GatewayCaller caller, EgressTarget target, CancellationToken cancellation)
    {
        var repository = await settings.Of(caller.Repository, cancellation);
        var answer = EgressPolicy.Decide(target, options, repository.Network);
        return answer.Verdict != PolicyVerdict.Ask ? new(answer.Verdict == PolicyVerdict.Allow, answer.Rule)
            : caller.Session is { } session ? await Ask(session, target, cancellation)
            : new(false, "not on the allow-list, and there is nobody who could be asked");
    }

    private async Task<EgressAnswer> Ask(SessionId session, EgressTarget target, CancellationToken cancellation)
    {
        var decided = new Signal();
        void Wake(SessionId changed)
        {
            if (changed == session) decided.Set();
        }

        permissions.Decided += Wake;
        try
        {
            var state = store.Read(db => EgressQuestion.Read(db, session, target));
            if (state.MustAsk) state = await store.Write(write => Ask(write, session, target), cancellation);
            while (state.Answer is null)
            {
                // The decision's commit wakes us; its expiry is somebody else's work.
                await decided.Wait(null, clock, cancellation);
                state = store.Read(db => EgressQuestion.Read(db, session, target, state.Prompt));
            }

            return state.Answer;
        }
        finally
        {
            permissions.Decided -= Wake;
        }
    }

    /// <summary>Looks again within the write: of many connections to the same host one asks.</summary>
    private EgressQuestion Ask(IWrite write, SessionId session, EgressTarget target)
    {
        var state = EgressQuestion.Read(write.Db, session, target);
        if (!state.MustAsk) return state;
        if (PermissionStore.Targets(write.Db, session, state.Prompt!.Value) >= MostQuestions)
            return state.Answered(false, $"not on the allow-list, and people were asked about {MostQuestions} other hosts in this turn");
        permissions.AskToConnect(write, session, state.Prompt.Value, target);
        return EgressQuestion.Read(write.Db, session, target);
    }
}
