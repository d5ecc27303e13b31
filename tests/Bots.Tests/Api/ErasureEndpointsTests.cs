using System.Net;
using System.Net.Http;
using System.Text;

namespace Bots.Tests.Api;

public sealed class ErasureEndpointsTests
{
    [Theory]
    [InlineData("""{"surface":"slack","id":"U0ANA00000"}""", HttpStatusCode.OK, """{"prompts":0,"quotes":0,"events":0,"deliveries":0}""")]
    [InlineData("""{"surface":"slack"}""", HttpStatusCode.BadRequest, "are needed")]
    [InlineData("""{"surface":" ","id":"U0ANA00000"}""", HttpStatusCode.BadRequest, "are needed")]
    public async Task It_says_what_was_erased_and_wants_to_know_whose(string body, HttpStatusCode status, string said)
    {
        await using var host = await ApiHost.Start();

        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await host.Client.PostAsync(new Uri("api/erase", UriKind.Relative), content, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(said);
    }
}
