using System.Text;
using Bots.GitHub;

namespace Bots.Tests.GitHub;

public class GitHubSignatureTests
{
    // From GitHub's own documentation, "Validating webhook deliveries".
    private const string Secret = "It's a Secret to Everybody";
    private const string Signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    private static readonly byte[] Body = Encoding.UTF8.GetBytes("Hello, World!");

    [Fact]
    public void The_documented_example_matches() => GitHubSignature.Matches(Secret, Body, Signature).ShouldBeTrue();

    [Fact]
    public void We_sign_as_the_documented_example() => GitHubSignature.Of(Secret, Body).ShouldBe(Signature);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256=")]
    [InlineData("757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("sha1=757107ea0eb2509fc211221cce984b8a37570b6d")]
    [InlineData("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e18")]
    [InlineData("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1")]
    [InlineData("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1700")]
    [InlineData("sha256=zz7107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    public void Another_signature_does_not_match(string? header) => GitHubSignature.Matches(Secret, Body, header).ShouldBeFalse();

    [Fact]
    public void Another_body_does_not_match() => GitHubSignature.Matches(Secret, "Hello, World?"u8, Signature).ShouldBeFalse();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_secret_nothing_matches(string? secret) => GitHubSignature.Matches(secret, Body, GitHubSignature.Of("", Body)).ShouldBeFalse();
}
