namespace Bots.Gateway;

/// <summary>A ref that is not pushed, and why.</summary>
internal sealed record PushRefusal(string Ref, string Reason);

/// <summary>Decides which pushes leave: only to the session's own branch, and never a delete. One bad ref stops the whole push.</summary>
internal static class PushPolicy
{
    /// <returns>One for each command; empty when the push may go.</returns>
    public static IReadOnlyList<PushRefusal> Refusals(PushRequest push, string? branch)
    {
        var own = branch is null ? null : "refs/heads/" + branch;
        var reasons = push.Commands.Select(command => (command.Ref, Reason: Reason(command, own))).ToList();
        return reasons.All(entry => entry.Reason is null)
            ? []
            : [.. reasons.Select(entry => new PushRefusal(entry.Ref, entry.Reason ?? "another ref of this push was refused"))];
    }

    private static string? Reason(PushCommand command, string? own) =>
        own is null ? "this sandbox belongs to no session yet: it may not push" :
        command.Ref != own ? $"this session may push to {own} only"
        : command.Deletes ? "this session may not delete its branch"
        : null;
}
