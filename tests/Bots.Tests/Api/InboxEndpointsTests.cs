using System.Net;
using System.Text.Json;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Tests.Api;

public sealed class InboxEndpointsTests : IAsyncLifetime
{
    /// <summary>Older ones would be removed.</summary>
    private readonly long _received = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private ApiHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.Start();
        await _host.Store.Write(write =>
        {
            Insert(write, "one", "parked", 8, "Slack did not answer");
            Insert(write, "two", "pending", 0, null);
            Insert(write, "three", "done", 0, "queued");
        }, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_parked_delivery_is_shown_with_its_cause_and_without_its_words()
    {
        var text = await Get("api/inbox?state=parked");

        var entry = JsonDocument.Parse(text).RootElement.EnumerateArray().ShouldHaveSingleItem();
        entry.GetProperty("deliveryId").GetString().ShouldBe("one");
        entry.GetProperty("surface").GetString().ShouldBe("nowhere");
        entry.GetProperty("attempts").GetInt32().ShouldBe(8);
        entry.GetProperty("cause").GetString().ShouldBe("Slack did not answer");
        entry.GetProperty("receivedAt").GetDateTimeOffset().ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(_received));
        text.ShouldNotContain("the words");
    }

    [Fact]
    public async Task What_waits_is_shown_when_asked_for() =>
        JsonDocument.Parse(await Get("api/inbox?state=pending")).RootElement.EnumerateArray().ShouldHaveSingleItem().GetProperty("deliveryId").GetString().ShouldBe("two");

    [Theory]
    [InlineData("api/inbox?state=done")]
    [InlineData("api/inbox?limit=0")]
    [InlineData("api/inbox?limit=201")]
    public async Task What_cannot_be_listed_is_refused(string address) =>
        (await _host.Client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task A_parked_delivery_is_tried_again_once()
    {
        (await Retry(Id("one"))).ShouldBe(HttpStatusCode.NoContent);

        _host.Store.Read(db => db.QuerySingle<(string, long, long)>("SELECT state, attempts, next_attempt_at FROM deliveries WHERE delivery_id = 'one'")).ShouldBe(("pending", 0, 0));
        (await Retry(Id("one"))).ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task What_is_not_parked_is_not_tried_again()
    {
        (await Retry(Id("three"))).ShouldBe(HttpStatusCode.Conflict);
        (await Retry("4711")).ShouldBe(HttpStatusCode.NotFound);
        (await Retry("none")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Readiness_counts_what_is_parked_and_is_not_troubled_by_it()
    {
        using var ready = JsonDocument.Parse(await Get("readyz"));

        ready.RootElement.GetProperty("parked").GetInt32().ShouldBe(1);
        ready.RootElement.GetProperty("ready").GetBoolean().ShouldBeTrue();
    }

    private async Task<string> Get(string address)
    {
        using var answer = await _host.Client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private async Task<HttpStatusCode> Retry(string id)
    {
        using var answer = await _host.Client.PostAsync(new Uri($"api/inbox/{id}/retry", UriKind.Relative), null, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private string Id(string delivery) => _host.Store.Read(db => db.QuerySingle<long>("SELECT id FROM deliveries WHERE delivery_id = @delivery", new { delivery })).ToString();

    /// <summary>Nobody reads this surface's deliveries, so they stay as they are.</summary>
    private void Insert(IWrite write, string id, string state, int attempts, string? note) => write.Db.Execute(
        """
        INSERT INTO deliveries (surface, delivery_id, kind, body, received_at, state, attempts, next_attempt_at, note)
        VALUES ('nowhere', @id, 'message', @body, @received, @state, @attempts, 5000, @note)
        """,
        new { id, body = "the words"u8.ToArray(), state, attempts, note, received = _received });
}
