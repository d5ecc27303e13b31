using Bots.Engine.Models;
using Microsoft.AspNetCore.Http;

namespace Bots.Tests.Gateway;

public sealed class PriceRefreshTests
{
    [Fact]
    public async Task Prices_are_fetched_daily_and_a_bad_answer_keeps_the_last_good_ones()
    {
        var answers = new Queue<(int Status, string Body)>([(200, Prices(1)), (200, "<html>"), (500, Prices(5)), (200, Prices(2)), (200, Prices(2))]);
        await using var upstream = await StubServer.Start(context =>
        {
            var (status, body) = answers.Dequeue();
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        });
        var time = new HeldTime();
        await using var host = await GatewayHost.Start(new() { ["Models:PricesUrl"] = new Uri(upstream.Url, "/api.json").ToString() }, time: time);
        var table = host.Get<PriceTable>();

        await host.Log.Wait("1 prices of models fetched");
        table.Find("lab", "a").ShouldBe(new ModelPrice(1, 1));
        (await time.Skip()).ShouldBe(TimeSpan.FromDays(1));
        await host.Log.Wait("No prices of models came");
        (await time.Skip()).ShouldBe(TimeSpan.FromHours(1));
        await host.Log.Wait("No prices of models came");
        table.Find("lab", "a").ShouldBe(new ModelPrice(1, 1));
        (await time.Skip()).ShouldBe(TimeSpan.FromHours(1));
        await host.Log.Wait("1 prices of models fetched");
        table.Find("lab", "a").ShouldBe(new ModelPrice(2, 2));
        await time.Skip();
        (await File.ReadAllTextAsync(Path.Combine(host.Directory, "prices.json"), TestContext.Current.CancellationToken)).ShouldBe(Prices(2));
    }

    private static string Prices(int dollars) => """{"lab":{"models":{"a":{"cost":{"input":N,"output":N}}}}}""".Replace("N", $"{dollars}");
}
