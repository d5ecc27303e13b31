using Bots.Engine.Repositories;

namespace Bots.Engine.Tests.Repositories;

public class SecretLookTests
{
    [Theory]
    [InlineData("ANY", "ghs_16C7e42F292c6912E7710c838347Ae178B4a")]
    [InlineData("ANY", "github_pat_11ABCDEFG0abcdefghijklmnop")]
    [InlineData("ANY", "xoxb-1234567890-abcdef")]
    [InlineData("ANY", "sk-ant-api03-REDACTED-REDACTED")]
    [InlineData("ANY", "AKIAIOSFODNN7EXAMPLE")]
    [InlineData("ANY", "https://user:glpat-abcdefghij0123456789@gitlab.example/x")]
    [InlineData("ANY", "-----BEGIN RSA PRIVATE KEY-----\nMII")]
    [InlineData("ANY", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijkl")]
    [InlineData("MY_API_KEY", "f3a9c1d47be8026591ab3c4d")]
    [InlineData("db_password", "kJ8#mQ2!xR7vLp4$wZ9n")]
    public void This_looks_like_one(string name, string value) => SecretLook.IsSecret(name, value).ShouldBeTrue();

    [Theory]
    [InlineData("NODE_ENV", "test")]
    [InlineData("DB_PASSWORD", "test")]
    [InlineData("DB_PASSWORD", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("API_KEY", "this is where your key would go in life")]
    [InlineData("COMMIT", "f3a9c1d47be8026591ab3c4d")]
    [InlineData("DATABASE_URL", "postgres://postgres:postgres@localhost/test")]
    [InlineData("TOKEN", "")]
    [InlineData("NAME", "task-list-with-a-very-long-name")]
    public void This_does_not(string name, string value) => SecretLook.IsSecret(name, value).ShouldBeFalse();
}
