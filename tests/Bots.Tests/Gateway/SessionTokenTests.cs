using System.Text;
using Bots.Gateway;
using Microsoft.AspNetCore.Http;

namespace Bots.Tests.Gateway;

public sealed class SessionTokenTests
{
    [Theory]
    [InlineData("Authorization", "Bearer tok", "tok")]
    [InlineData("Authorization", "bearer tok", "tok")]
    [InlineData("x-api-key", "tok", "tok")]
    [InlineData("Authorization", "Bearer", null)]
    [InlineData("Authorization", "Digest tok", null)]
    [InlineData("Authorization", "Basic %%%", null)]
    [InlineData("Authorization", "", null)]
    [InlineData("x-api-key", "", null)]
    public void The_token_is_found_where_each_protocol_puts_it(string header, string value, string? token) =>
        SessionToken.Find(new HeaderDictionary { [header] = value }).ShouldBe(token);

    [Theory]
    [InlineData("x-access-token:tok", "tok")]
    [InlineData(":to:k", "to:k")]
    [InlineData("tok:", null)]
    [InlineData("tok", null)]
    public void Gits_token_is_its_password(string credentials, string? token) =>
        SessionToken.Find(new HeaderDictionary { ["Authorization"] = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)) }).ShouldBe(token);
}
