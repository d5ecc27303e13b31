using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bots.GitHub;

namespace Bots.Tests.GitHub;

public class GitHubJwtTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_public_key_confirms_what_the_private_key_signed(bool pkcs1)
    {
        using var rsa = RSA.Create(2048);
        var jwt = GitHubJwt.Create(pkcs1 ? rsa.ExportRSAPrivateKeyPem() : rsa.ExportPkcs8PrivateKeyPem(), "7", ManualTime.Noon).Split('.');

        rsa.VerifyData(Encoding.ASCII.GetBytes($"{jwt[0]}.{jwt[1]}"), Base64Url.DecodeFromChars(jwt[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).ShouldBeTrue();
        Part(jwt[0]).GetProperty("alg").GetString().ShouldBe("RS256");
    }

    [Fact]
    public void It_is_valid_from_a_minute_ago_and_for_no_more_than_ten_minutes()
    {
        var claims = Part(GitHubJwt.Create(GitHubKit.PrivateKey, "Iv23\"x", ManualTime.Noon).Split('.')[1]);

        claims.GetProperty("iat").GetInt64().ShouldBe(ManualTime.Noon.AddMinutes(-1).ToUnixTimeSeconds());
        claims.GetProperty("exp").GetInt64().ShouldBeInRange(ManualTime.Noon.AddMinutes(1).ToUnixTimeSeconds(), ManualTime.Noon.AddMinutes(10).ToUnixTimeSeconds());
        claims.GetProperty("iss").GetString().ShouldBe("Iv23\"x");
    }

    private static JsonElement Part(string part) => JsonDocument.Parse(Base64Url.DecodeFromChars(part)).RootElement;
}
