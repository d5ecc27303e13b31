using System.Net;
using Bots.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bots.Tests.Api;

public sealed class ApiAccessTests
{
    [Fact]
    public async Task Without_a_token_a_caller_on_this_machine_is_let_in() => (await IsLetIn(_ => { })).ShouldBeTrue();

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Forwarded-Proto")]
    [InlineData("x-real-ip")]
    [InlineData("Via")]
    [InlineData("Forwarded")]
    [InlineData("CF-Connecting-IP")]
    public async Task Without_a_token_nobody_is_let_in_through_a_proxy(string header) =>
        (await IsLetIn(http => http.Request.Headers[header] = "203.0.113.9")).ShouldBeFalse();

    [Fact]
    public async Task Without_a_token_nobody_is_let_in_through_an_nginx_that_adds_nothing() =>
        (await IsLetIn(http => http.Request.Protocol = HttpProtocol.Http10)).ShouldBeFalse();

    [Fact]
    public async Task Without_a_token_a_name_that_was_made_to_point_here_is_refused() =>
        (await IsLetIn(http => http.Request.Host = new HostString("rebound.example"))).ShouldBeFalse();

    [Fact]
    public async Task Without_a_token_other_machines_are_refused() =>
        (await IsLetIn(http => http.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.1"))).ShouldBeFalse();

    [Theory]
    [InlineData("Bearer 0123456789abcdef", true)]
    [InlineData("Bearer 0123456789abcdeX", false)]
    [InlineData("0123456789abcdef", false)]
    [InlineData(null, false)]
    public async Task With_a_token_only_the_token_counts(string? authorization, bool isLetIn) =>
        (await IsLetIn(http => http.Request.Headers.Authorization = authorization, "0123456789abcdef")).ShouldBe(isLetIn);

    private static async Task<bool> IsLetIn(Action<HttpContext> change, string? token = null)
    {
        var http = new DefaultHttpContext
        {
            Connection = { RemoteIpAddress = IPAddress.Loopback },
            Request = { Host = new HostString("127.0.0.1", 8080), Protocol = HttpProtocol.Http11 },
        };
        change(http);
        var result = await new ApiAccess(new ApiOptions { Token = token }).InvokeAsync(new DefaultEndpointFilterInvocationContext(http), _ => ValueTask.FromResult<object?>("in"));
        return result is "in" || (result is ProblemHttpResult { StatusCode: 401 } ? false : throw new ShouldAssertException($"{result}"));
    }
}
