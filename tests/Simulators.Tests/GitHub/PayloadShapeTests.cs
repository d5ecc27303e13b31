using System.Text.Json.Nodes;

namespace Bots.Simulators.Tests.GitHub;

/// <summary>Keys of the original's payloads that receivers rely on; the lists were read off the published examples.</summary>
public sealed class PayloadShapeTests
{
    private const string Common =
        """
        repository.id repository.node_id repository.name repository.full_name repository.private repository.default_branch repository.clone_url
        repository.html_url repository.url repository.owner.login repository.owner.id repository.owner.type repository.fork repository.archived
        repository.visibility organization.login organization.id sender.login sender.id sender.node_id sender.type installation.id installation.node_id
        """;

    private const string Issue =
        """
        issue.id issue.node_id issue.number issue.title issue.body issue.state issue.locked issue.user.login issue.user.type issue.labels
        issue.assignees issue.author_association issue.html_url issue.url issue.comments issue.created_at issue.updated_at issue.closed_at issue.reactions.+1
        """;

    private const string Comment =
        """
        action comment.id comment.node_id comment.body comment.user.login comment.user.id comment.user.type comment.author_association
        comment.created_at comment.updated_at comment.html_url comment.issue_url comment.performed_via_github_app comment.reactions.total_count
        issue.pull_request.url issue.pull_request.html_url issue.pull_request.diff_url issue.pull_request.patch_url issue.pull_request.merged_at
        """;

    private const string Pull =
        """
        action number pull_request.id pull_request.node_id pull_request.number pull_request.state pull_request.title pull_request.body
        pull_request.draft pull_request.merged pull_request.merged_at pull_request.merge_commit_sha pull_request.user.login pull_request.author_association
        pull_request.labels pull_request.assignees pull_request.requested_reviewers pull_request.requested_teams pull_request.head.ref
        pull_request.head.sha pull_request.head.label pull_request.head.user.login pull_request.head.repo.full_name pull_request.base.ref
        pull_request.base.sha pull_request.base.repo.id pull_request.mergeable pull_request.mergeable_state pull_request.html_url
        pull_request.diff_url pull_request.maintainer_can_modify pull_request.additions pull_request.deletions pull_request.changed_files
        pull_request.commits pull_request.comments pull_request.review_comments pull_request._links.self.href pull_request.merged_by
        """;

    private const string Push =
        """
        ref before after created deleted forced base_ref compare commits head_commit.id head_commit.tree_id head_commit.message
        head_commit.timestamp head_commit.author.name head_commit.author.username head_commit.added head_commit.removed head_commit.modified
        pusher.name pusher.email repository.pushed_at repository.master_branch repository.owner.name
        """;

    private const string CheckRun =
        """
        action check_run.id check_run.node_id check_run.name check_run.head_sha check_run.status check_run.conclusion check_run.external_id
        check_run.details_url check_run.html_url check_run.output.title check_run.output.summary check_run.output.text
        check_run.output.annotations_count check_run.check_suite.id check_run.check_suite.head_branch check_run.check_suite.head_sha
        check_run.app.id check_run.app.slug check_run.pull_requests requested_action.identifier
        """;

    private const string Installation =
        """
        action installation.id installation.account.login installation.account.type installation.app_id installation.app_slug
        installation.repository_selection installation.permissions.contents installation.events installation.target_id
        installation.target_type installation.suspended_at repositories sender.login
        """;

    [Fact]
    public async Task Payloads_hold_what_the_originals_hold()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var hub = await Hub.Start(o => o with { WebhookUrl = receiver.Url });
        var pull = await hub.OpenPull();
        hub.Simulator.OpenIssue("ada", Hub.Shop, "Broken", "It is.");
        var comment = hub.Simulator.Comment("ada", Hub.Shop, pull.Number, "one");
        hub.Simulator.EditComment("ada", Hub.Shop, comment.Id, "two");
        var check = await hub.Call("POST", "repos/acme/shop/check-runs", CheckRunTests.ActionRequired(pull.Pull!.HeadSha));
        hub.Simulator.ClickCheckAction("ada", Hub.Shop, check.Json["id"]!.GetValue<long>(), "approve:1");
        await hub.Simulator.WaitForDeliveries(Hub.Patience);

        Missing(receiver, "installation.created", Installation).ShouldBeEmpty();
        Missing(receiver, "push", Common, Push).ShouldBeEmpty();
        Missing(receiver, "pull_request.opened", Common, Pull).ShouldBeEmpty();
        Missing(receiver, "issues.opened", Common, Issue).ShouldBeEmpty();
        Missing(receiver, "issue_comment.created", Common, Issue, Comment).ShouldBeEmpty();
        Missing(receiver, "issue_comment.edited", Common, Issue, Comment, "changes.body.from").ShouldBeEmpty();
        Missing(receiver, "check_run.requested_action", Common, CheckRun).ShouldBeEmpty();
    }

    private static List<string> Missing(WebhookReceiver receiver, string name, params string[] lists)
    {
        var payload = receiver.Received.First(r => r.Name == name).Json;
        return [.. lists.SelectMany(l => l.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)).Where(key => !Has(payload, key))];
    }

    private static bool Has(JsonNode payload, string key)
    {
        JsonNode? at = payload;
        foreach (var part in key.Split('.'))
        {
            if (at is not JsonObject level || !level.TryGetPropertyValue(part, out at)) return false;
        }

        return true;
    }
}
