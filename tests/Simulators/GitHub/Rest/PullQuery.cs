using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>The filters of <c>GET …/pulls</c>. Pure.</summary>
internal sealed record PullQuery(string State, string? Head, string? Base, string Sort, bool Ascending)
{
    /// <exception cref="ApiException">422: a filter has no such value.</exception>
    public static PullQuery Of(Call call)
    {
        var state = call.Query("state") ?? "open";
        if (state is not ("open" or "closed" or "all")) throw ApiException.Invalid("PullRequest", "state", "invalid");
        return new PullQuery(state, call.Query("head"), call.Query("base"), call.Query("sort") ?? "created", call.Query("direction") == "asc");
    }

    public IReadOnlyList<Issue> Select(IEnumerable<Issue> issues)
    {
        var found = issues.Where(i => i.Pull is not null && Matches(i, i.Pull));
        Func<Issue, DateTimeOffset> key = Sort == "updated" ? i => i.UpdatedAt : i => i.CreatedAt;
        return Ascending
            ? [.. found.OrderBy(key).ThenBy(i => i.Number)]
            : [.. found.OrderByDescending(key).ThenByDescending(i => i.Number)];
    }

    /// <summary>A head without an owner filters nothing, as with the original.</summary>
    private bool Matches(Issue issue, Pull pull) =>
        (State == "all" || State == issue.State)
        && (Base is null || Base == pull.BaseBranch)
        && (Head?.Split(':', 2) is not [var owner, var branch]
            || (branch == pull.HeadBranch && owner.Equals(pull.Head.Owner.Login, StringComparison.OrdinalIgnoreCase)));
}
