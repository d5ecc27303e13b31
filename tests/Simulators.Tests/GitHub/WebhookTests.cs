using System.Net;
using System.Text;
using Bots.Simulators.GitHub.Webhooks;

namespace Bots.Simulators.Tests.GitHub;

public sealed class WebhookTests
{
    [Fact]
    public void The_signature_is_that_of_the_official_example() =>
        WebhookSignature.Sha256("It's a Secret to Everybody", "Hello, World!"u8)
            .ShouldBe("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");

    [Fact]
    public async Task A_delivery_is_signed_over_its_bytes_and_carries_the_originals_headers()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var hub = await Hub.Start(o => o with { WebhookUrl = receiver.Url, WebhookSecret = "s3cret" });
        hub.Simulator.OpenIssue("ada", Hub.Shop, "Kaputt", "Für immer <b>&</b> \"ewig\"");
        await hub.Simulator.WaitForDeliveries(Hub.Patience);

        var received = receiver.Received.Single(r => r.Event == "issues");

        received.Headers["X-Hub-Signature-256"].ShouldBe(WebhookSignature.Sha256("s3cret", received.Body));
        Guid.Parse(received.Headers["X-GitHub-Delivery"]).ShouldNotBe(Guid.Empty);
        received.Headers["User-Agent"].ShouldStartWith("GitHub-Hookshot/");
        received.Headers["Content-Type"].ShouldBe("application/json");
        received.Headers["X-GitHub-Hook-Installation-Target-Type"].ShouldBe("integration");
        received.Headers["X-GitHub-Hook-Installation-Target-ID"].ShouldBe("1001");
        received.Headers["X-GitHub-Hook-ID"].ShouldNotBeEmpty();
        Encoding.UTF8.GetString(received.Body).ShouldContain("Für immer");
    }

    [Fact]
    public async Task What_is_held_is_delivered_later_and_in_its_order()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var hub = await Hub.Start(o => o with { WebhookUrl = receiver.Url });
        await hub.Simulator.WaitForDeliveries(Hub.Patience);
        var before = receiver.Received.Count;
        var release = new TaskCompletionSource();
        hub.Simulator.HoldWebhooks(release.Task);

        var issue = hub.Simulator.OpenIssue("ada", Hub.Shop, "Broken", "");
        hub.Simulator.Comment("ada", Hub.Shop, issue.Number, "still");
        hub.Simulator.Deliveries.Count(d => d.Status == "pending").ShouldBe(2);
        receiver.Received.Count.ShouldBe(before);

        release.SetResult();
        await hub.Simulator.WaitForDeliveries(Hub.Patience);
        receiver.Names.Skip(before).ShouldBe(["issues.opened", "issue_comment.created"]);
    }

    [Fact]
    public async Task What_people_do_is_told_in_its_order()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var hub = await Hub.Start(o => o with { WebhookUrl = receiver.Url });
        var pull = await hub.OpenPull();
        var comment = hub.Simulator.Comment("ada", Hub.Shop, pull.Number, "@bots do it");
        hub.Simulator.EditComment("ada", Hub.Shop, comment.Id, "@bots do it well");
        await hub.Simulator.Commit(Hub.Shop, "feature", new Dictionary<string, string?> { ["x"] = "x" }, "x", "ada");
        await hub.Simulator.MergePullRequest("ada", Hub.Shop, pull.Number);
        await hub.Simulator.WaitForDeliveries(Hub.Patience);

        receiver.Names.ShouldBe([
            "installation.created", "push", "pull_request.opened", "issue_comment.created", "issue_comment.edited",
            "push", "pull_request.synchronize", "push", "pull_request.closed",
        ]);
        receiver.Received[^1].Json["pull_request"]!["merged"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task A_push_by_git_moves_the_pull_request_and_tells_of_it()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var hub = await Hub.Start(o => o with { WebhookUrl = receiver.Url });
        var pull = await hub.OpenPull();
        using var git = new GitClient();
        await git.Run($"clone -q -b feature {new Uri(hub.Simulator.WebUrl, "acme/shop.git")} shop");
        await git.Commit("shop", "more.txt", "more\n");
        (await git.Run("push -q origin feature", GitClient.Authorized(await hub.Token()), "shop")).ExitCode.ShouldBe(0);

        var moved = hub.Simulator.Issue(Hub.Shop, pull.Number).Pull!.HeadSha;
        moved.ShouldBe((await hub.Simulator.Branches(Hub.Shop))["feature"]);
        moved.ShouldNotBe(pull.Pull!.HeadSha);

        await hub.Simulator.WaitForDeliveries(Hub.Patience);
        var synchronize = receiver.Received.Single(r => r.Name == "pull_request.synchronize").Json;
        synchronize["before"]!.GetValue<string>().ShouldBe(pull.Pull.HeadSha);
        synchronize["after"]!.GetValue<string>().ShouldBe(moved);
        synchronize["sender"]!["login"]!.GetValue<string>().ShouldBe("bots[bot]");
        var push = receiver.Received.Last(r => r.Event == "push").Json;
        push["ref"]!.GetValue<string>().ShouldBe("refs/heads/feature");
        push["commits"]![0]!["added"]![0]!.GetValue<string>().ShouldBe("more.txt");
    }

    [Fact]
    public async Task A_click_on_a_task_item_edits_the_comment_as_the_one_who_clicked()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var hub = await Hub.Start(o => o with { WebhookUrl = receiver.Url });
        var pull = await hub.OpenPull();
        var answer = await hub.Call("POST", $"repos/acme/shop/issues/{pull.Number}/comments", """{"body":"May I?\n\n- [ ] Approve\n- [ ] Deny\n"}""");
        var id = answer.Json["id"]!.GetValue<long>();

        Should.Throw<InvalidOperationException>(() => hub.Simulator.TickCheckbox("eve", Hub.Shop, id, "Approve"));
        hub.Simulator.TickCheckbox("ada", Hub.Shop, id, "Approve").Body.ShouldBe("May I?\n\n- [x] Approve\n- [ ] Deny\n");
        await hub.Simulator.WaitForDeliveries(Hub.Patience);

        var edited = receiver.Received.Single(r => r.Name == "issue_comment.edited").Json;
        edited["changes"]!["body"]!["from"]!.GetValue<string>().ShouldBe("May I?\n\n- [ ] Approve\n- [ ] Deny\n");
        edited["sender"]!["login"]!.GetValue<string>().ShouldBe("ada");
        edited["comment"]!["user"]!["login"]!.GetValue<string>().ShouldBe("bots[bot]");
        edited["comment"]!["performed_via_github_app"]!["slug"]!.GetValue<string>().ShouldBe("bots");
    }

    [Fact]
    public async Task A_failed_delivery_is_not_repeated_until_somebody_asks_for_it()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var hub = await Hub.Start(o => o with { WebhookUrl = receiver.Url });
        await hub.Simulator.WaitForDeliveries(Hub.Patience);
        receiver.Status = 500;
        hub.Simulator.OpenIssue("ada", Hub.Shop, "Broken", "It is.");
        await hub.Simulator.WaitForDeliveries(Hub.Patience);
        receiver.Status = 202;

        var failures = (await hub.Send("GET", "app/hook/deliveries?status=failure", null, hub.AppJwt())).Json.AsArray();
        var failed = failures.Single()!;
        (failed["event"]!.GetValue<string>(), failed["status_code"]!.GetValue<int>(), failed["redelivery"]!.GetValue<bool>()).ShouldBe(("issues", 500, false));
        var path = $"app/hook/deliveries/{failed["id"]}";
        var full = (await hub.Send("GET", path, null, hub.AppJwt())).Json;
        full["request"]!["headers"]!["X-GitHub-Delivery"]!.GetValue<string>().ShouldBe(failed["guid"]!.GetValue<string>());
        full["request"]!["payload"]!["action"]!.GetValue<string>().ShouldBe("opened");

        (await hub.Send("POST", path + "/attempts", null, hub.AppJwt())).Status.ShouldBe(HttpStatusCode.Accepted);
        await hub.Simulator.WaitForDeliveries(Hub.Patience);

        receiver.Received.Where(r => r.Event == "issues").Select(r => r.Headers["X-GitHub-Delivery"]).Distinct().Count().ShouldBe(1);
        receiver.Received.Count(r => r.Event == "issues").ShouldBe(2);
        hub.Simulator.Deliveries[^1].Redelivery.ShouldBeTrue();
    }

    [Fact]
    public async Task Deliveries_are_listed_newest_first_with_a_cursor()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var hub = await Hub.Start(o => o with { WebhookUrl = receiver.Url });
        for (var i = 0; i < 3; i++) hub.Simulator.OpenIssue("ada", Hub.Shop, $"{i}", "");
        await hub.Simulator.WaitForDeliveries(Hub.Patience);

        var page = await hub.Send("GET", "app/hook/deliveries?per_page=3", null, hub.AppJwt());
        var next = page.Headers["Link"].Split('<', '>')[1];
        var rest = await hub.Send("GET", next, null, hub.AppJwt());

        page.Json.AsArray().Count.ShouldBe(3);
        rest.Json.AsArray().Select(d => d!["event"]!.GetValue<string>()).ShouldBe(["installation"]);
        rest.Headers.Keys.ShouldNotContain("Link");
    }

    [Fact]
    public async Task The_pages_of_failed_deliveries_hold_failed_ones_only()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var hub = await Hub.Start(o => o with { WebhookUrl = receiver.Url });
        await hub.Simulator.WaitForDeliveries(Hub.Patience);
        for (var i = 0; i < 4; i++)
        {
            receiver.Status = i % 2 == 0 ? 503 : 202;
            hub.Simulator.OpenIssue("ada", Hub.Shop, $"{i}", "");
            await hub.Simulator.WaitForDeliveries(Hub.Patience);
        }

        var page = await hub.Send("GET", "app/hook/deliveries?status=failure&per_page=1", null, hub.AppJwt());
        var next = page.Headers["Link"].Split('<', '>')[1];
        var rest = await hub.Send("GET", next, null, hub.AppJwt());

        page.Json.AsArray().Concat(rest.Json.AsArray()).Select(d => d!["status_code"]!.GetValue<int>()).ShouldBe([503, 503]);
        rest.Headers.Keys.ShouldNotContain("Link");
        (await hub.Send("GET", "app/hook/deliveries?status=failed", null, hub.AppJwt())).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Deliveries_are_kept_for_three_days()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var hub = await Hub.Start(o => o with { WebhookUrl = receiver.Url });
        await hub.Simulator.WaitForDeliveries(Hub.Patience);
        var delivery = hub.Simulator.Deliveries[^1];

        hub.Time.Advance(TimeSpan.FromDays(3));

        (await hub.Send("GET", "app/hook/deliveries", null, hub.AppJwt())).Json.AsArray().ShouldBeEmpty();
        (await hub.Send("POST", $"app/hook/deliveries/{delivery.Id}/attempts", null, hub.AppJwt())).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Nothing_is_sent_where_the_app_is_not_installed_or_not_subscribed()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var hub = await Hub.Start(o => o with { WebhookUrl = receiver.Url, InstallAutomatically = false, Events = ["issue_comment"] });
        hub.Simulator.OpenIssue("ada", Hub.Shop, "Broken", "It is.");
        hub.Simulator.Comment("ada", Hub.Shop, 1, "before");
        hub.Simulator.Install("acme", ["shop"]);
        hub.Simulator.OpenIssue("ada", Hub.Shop, "Broken again", "It is.");
        hub.Simulator.Comment("ada", Hub.Shop, 2, "after");
        await hub.Simulator.WaitForDeliveries(Hub.Patience);

        receiver.Names.ShouldBe(["installation.created", "issue_comment.created"]);
    }

    [Fact]
    public async Task Changes_of_an_installation_are_told()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var hub = await Hub.Start(o => o with { WebhookUrl = receiver.Url });
        await hub.Simulator.CreateRepository("acme", "depot", new Dictionary<string, string> { ["a"] = "b" });
        hub.Simulator.Select("acme", ["depot"]);
        hub.Simulator.Suspend("acme");
        hub.Simulator.Suspend("acme", suspended: false);
        hub.Simulator.Uninstall("acme");
        await hub.Simulator.WaitForDeliveries(Hub.Patience);

        receiver.Names.ShouldBe([
            "installation.created", "installation_repositories.added", "installation_repositories.removed",
            "installation.suspend", "installation.unsuspend", "installation.deleted",
        ]);
    }
}
